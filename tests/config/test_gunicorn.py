from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.config.conftest import (
    CHECKOUT,
    TOO_OLD,
    environment,
    free_port,
    wait_until,
)

Gunicorn = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def gunicorn(tmp_path: Path) -> Iterator[Gunicorn]:
    started: list[subprocess.Popen[str]] = []

    def start(*options: str, **variables: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py"]
        started.append(
            subprocess.Popen(
                [*command, *options],
                cwd=CHECKOUT,
                env=environment(tmp_path / "var", **variables),
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        return started[-1]

    yield start
    for process in started:
        process.terminate()
        process.communicate(timeout=30)


def answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except OSError:
        return False


def test_it_does_not_start_without_a_secret_key(gunicorn: Gunicorn) -> None:
    process = gunicorn(DATABASE_URL="postgres://byline@127.0.0.1:1/byline")

    _, said = process.communicate(timeout=30)

    assert process.returncode == 1
    assert said.startswith("SECRET_KEY is not set.")
    assert said.count("\n") == 1


def test_it_does_not_start_on_a_server_that_is_too_old(
    gunicorn: Gunicorn, old_server: str
) -> None:
    process = gunicorn(
        f"--bind=127.0.0.1:{free_port()}",
        DATABASE_URL=old_server,
        SECRET_KEY="x" * 50,
    )

    _, said = process.communicate(timeout=30)

    assert process.returncode == 1
    assert said.endswith(TOO_OLD)


def test_it_is_live_without_a_database(gunicorn: Gunicorn, tmp_path: Path) -> None:
    port = free_port()
    gunicorn(
        f"--bind=127.0.0.1:{port}",
        DATABASE_URL="postgres://byline@127.0.0.1:1/byline",
        SECRET_KEY="x" * 50,
    )

    wait_until(lambda: answers(f"http://127.0.0.1:{port}/health/live"), 30)

    assert not (tmp_path / "var" / "postgres").exists()
