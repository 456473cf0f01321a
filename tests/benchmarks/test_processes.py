from __future__ import annotations

import os
import subprocess
import sys
import time

from benchmarks import processes


def test_ticks_are_found_behind_a_name_with_blanks() -> None:
    stat = "7 (a (b) c) S 1 7 7 0 -1 4194560 9 9 0 0 120 30 5 5 20 0 1 0 100"

    assert processes.ticks_of(stat) == 150


def test_work_is_counted() -> None:
    before = processes.processor_seconds([os.getpid()])
    end = time.process_time() + 0.2
    while time.process_time() < end:
        pass

    assert processes.processor_seconds([os.getpid()]) - before >= 0.15


def test_memory_is_counted() -> None:
    before = processes.megabytes([os.getpid()])
    held = bytearray(os.urandom(1)) * 50_000_000

    assert 40 < processes.megabytes([os.getpid()]) - before < 80
    assert held


def test_children_are_listed() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        assert child.pid in processes.children(os.getpid())
    finally:
        child.communicate(b"\n")
