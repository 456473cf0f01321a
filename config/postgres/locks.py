"""File locks between processes. The kernel drops them however a process ends."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAUSE = 0.02


class Busy(Exception):
    """Another process keeps the lock longer than one may wait."""


def open_lock(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def try_exclusive(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def share(handle: int) -> None:
    fcntl.flock(handle, fcntl.LOCK_SH)


@contextmanager
def exclusive(path: Path, deadline: float | None) -> Iterator[int]:
    """Hold `path` alone; wait until `deadline` (monotonic), with `None` for ever."""
    handle = open_lock(path)
    try:
        while not try_exclusive(handle):
            if deadline is not None and time.monotonic() > deadline:
                raise Busy
            time.sleep(PAUSE)
        yield handle
    finally:
        os.close(handle)
