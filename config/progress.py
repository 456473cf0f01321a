"""What takes longer than a second says so on standard error."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST_WORD = 1.0
NEXT_WORD = 5.0


@contextmanager
def progress(what: str) -> Iterator[None]:
    """Print `what` after a second, and again with the time every five seconds."""
    done = threading.Event()
    thread = threading.Thread(target=_tell, args=(what, done), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _tell(what: str, done: threading.Event) -> None:
    started = time.monotonic()
    if done.wait(FIRST_WORD):
        return
    say(f"{what} …")
    while not done.wait(NEXT_WORD):
        say(f"{what} … {time.monotonic() - started:.0f} s")


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201  (a command's own words)
