from __future__ import annotations

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
