from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.secret import make_secret_key, secret_key


@pytest.fixture(autouse=True)
def no_key_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)


def test_a_made_key_is_read_back_and_kept(tmp_path: Path) -> None:
    make_secret_key(tmp_path / "var")
    key = secret_key(tmp_path / "var")

    make_secret_key(tmp_path / "var")

    assert secret_key(tmp_path / "var") == key
    assert len(key) >= 50


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    make_secret_key(tmp_path)

    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600


def test_the_environment_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_secret_key(tmp_path)
    monkeypatch.setenv("SECRET_KEY", "from outside")

    assert secret_key(tmp_path) == "from outside"


def test_no_key_is_an_error_and_never_a_default(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is not set"):
        secret_key(tmp_path)


@pytest.mark.parametrize("left", ["", "\n"])
def test_an_empty_file_is_no_key(tmp_path: Path, left: str) -> None:
    (tmp_path / "secret-key").write_text(left)

    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is not set"):
        secret_key(tmp_path)
    make_secret_key(tmp_path)

    assert len(secret_key(tmp_path)) >= 50


def test_a_full_disk_leaves_no_half_of_a_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(OSError, match="No space left"):
        make_secret_key(tmp_path)

    assert list(tmp_path.iterdir()) == []


def full(handle: int) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_key_made_by_another_process_meanwhile_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        os, "fsync", lambda handle: (tmp_path / "secret-key").write_text("theirs")
    )

    make_secret_key(tmp_path)

    assert secret_key(tmp_path) == "theirs"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_in_its_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "secret-key").mkdir()

    for use in (secret_key, make_secret_key):
        with pytest.raises(ImproperlyConfigured, match="secret-key: Is a directory"):
            use(tmp_path)
