"""Processor time and memory of processes, as Linux counts them under `/proc`."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable
from pathlib import Path

from benchmarks.figures import Unmeasurable

PATIENCE = 60.0
TICKS = os.sysconf("SC_CLK_TCK")
USER, SYSTEM = 11, 12
"""Positions in `/proc/<pid>/stat` after the name, which may hold blanks."""


def children(pid: int) -> list[int]:
    """Those that its main thread began, oldest first."""
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(word) for word in text.split()]


def workers_of(pid: int, count: int) -> list[int]:
    """The children, as soon as there are `count`: the first answers before the last."""
    deadline = time.monotonic() + PATIENCE
    while len(found := children(pid)) < count:
        if time.monotonic() > deadline:
            raise Unmeasurable(f"Of {count} web processes {len(found)} are there")
        time.sleep(0.05)
    return found


def command_line(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def processor_seconds(pids: Iterable[int]) -> float:
    """What they have worked so far, threads that ended included."""
    return sum(ticks_of(Path(f"/proc/{pid}/stat").read_text()) for pid in pids) / TICKS


def ticks_of(stat: str) -> int:
    fields = stat.rpartition(")")[2].split()
    return int(fields[USER]) + int(fields[SYSTEM])


def megabytes(pids: Iterable[int]) -> float:
    """Their memory, each page divided by how many share it (PSS)."""
    return sum(kilobytes_of(pid) for pid in pids) / 1024


def kilobytes_of(pid: int) -> int:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.findall(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)[0])
