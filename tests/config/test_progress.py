from __future__ import annotations

import time

import pytest

from config import progress


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "FIRST_WORD", 0.1)
    monkeypatch.setattr(progress, "NEXT_WORD", 0.1)


def test_what_is_quick_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    with progress.progress("Working"):
        pass

    assert capfd.readouterr() == ("", "")


def test_what_takes_longer_says_so_again_and_again(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with progress.progress("Working"):
        time.sleep(0.5)

    out, said = capfd.readouterr()
    assert out == ""
    assert said.startswith("Working …\nWorking … 0 s\n")


def test_what_fails_says_nothing_more(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="failed"), progress.progress("Working"):
        raise ValueError("failed")

    time.sleep(0.2)
    assert capfd.readouterr() == ("", "")
