"""Which processes are PostgreSQL's, in one data folder.

A number in a pid file proves nothing: it may belong to somebody else by now. But
PostgreSQL works in its data folder, so where a process works tells whose it is.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

PROC = Path("/proc")


def is_postgres(pid: int, data: Path) -> bool:
    """Whether `pid` lives and is a PostgreSQL process of this data folder."""
    if not (PROC / "self").exists():
        return _lives(pid)
    try:
        here = (PROC / str(pid) / "cwd").stat()
        name = (PROC / str(pid) / "comm").read_text().strip()
        return name == "postgres" and os.path.samestat(here, data.stat())
    except OSError:
        return False


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def of_folder(data: Path) -> dict[int, bytes]:
    """Every PostgreSQL process of this folder, with what it says it is doing."""
    found: dict[int, bytes] = {}
    if not (PROC / "self").exists():
        return found
    for entry in PROC.iterdir():
        if entry.name.isdigit() and is_postgres(int(entry.name), data):
            with contextlib.suppress(OSError):
                found[int(entry.name)] = (entry / "cmdline").read_bytes()
    return found


def signal_all(data: Path, number: int) -> None:
    for pid in of_folder(data):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
