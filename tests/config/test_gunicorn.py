from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
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
        # A worker that is told so in the instant of its fork does not hear it, and
        # gunicorn kills it after half a minute.
        process.communicate(timeout=60)


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


def test_its_loop_is_the_quick_one(gunicorn: Gunicorn) -> None:
    port = free_port()
    process = gunicorn(
        f"--bind=127.0.0.1:{port}",
        DATABASE_URL="postgres://byline@127.0.0.1:1/byline",
        SECRET_KEY="x" * 50,
    )

    wait_until(lambda: answers(f"http://127.0.0.1:{port}/health/live"), 30)
    wait_until(lambda: [*map(is_listening, workers_of(process))] == [True, True], 30)

    for pid in workers_of(process):
        assert "/uvloop/loop." in Path(f"/proc/{pid}/maps").read_text()


def test_it_is_live_without_a_database(gunicorn: Gunicorn, tmp_path: Path) -> None:
    port = free_port()
    gunicorn(
        f"--bind=127.0.0.1:{port}",
        DATABASE_URL="postgres://byline@127.0.0.1:1/byline",
        SECRET_KEY="x" * 50,
    )

    wait_until(lambda: answers(f"http://127.0.0.1:{port}/health/live"), 30)

    assert not (tmp_path / "var" / "postgres").exists()


def workers_of(process: subprocess.Popen[str]) -> list[int]:
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(pid) for pid in children.read_text().split()]


def is_listening(pid: int) -> bool:
    """Whether its event loop waits for more than what wakes itself."""
    try:
        notes = [note.read_text() for note in Path(f"/proc/{pid}/fdinfo").iterdir()]
    except FileNotFoundError:
        return False
    return any(note.count("tfd:") > 1 for note in notes)


def sockets_of(pid: int) -> int:
    files = Path(f"/proc/{pid}/fd").iterdir()
    return sum(os.readlink(file).startswith("socket:") for file in files)


def test_workers_share_connections_that_come_at_once(gunicorn: Gunicorn) -> None:
    port = free_port()
    process = gunicorn(
        f"--bind=127.0.0.1:{port}",
        DATABASE_URL="postgres://byline@127.0.0.1:1/byline",
        SECRET_KEY="x" * 50,
    )
    wait_until(lambda: answers(f"http://127.0.0.1:{port}/health/live"), 30)
    wait_until(lambda: [*map(is_listening, workers_of(process))] == [True, True], 30)
    # The kernel is told how many may wait only in the loop's next round.
    time.sleep(0.5)
    workers = workers_of(process)
    before = [sockets_of(pid) for pid in workers]

    with ExitStack() as stack:
        for pid in workers:
            os.kill(pid, signal.SIGSTOP)
            stack.callback(os.kill, pid, signal.SIGCONT)
        for _ in range(400):
            client = socket.create_connection(("127.0.0.1", port), timeout=2)
            stack.enter_context(client)
        for pid in workers:
            os.kill(pid, signal.SIGCONT)

        def taken() -> list[int]:
            now = [sockets_of(pid) for pid in workers]
            return [many - few for many, few in zip(now, before, strict=True)]

        wait_until(lambda: sum(taken()) >= 390, 10)
        assert min(taken()) >= 10
