"""What rendering costs: `python -m benchmarks.markup ROUNDS`, a process of its own.

What it imports for rendering is part of the memory that is measured.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from dataclasses import dataclass
from importlib import import_module

from benchmarks.site import ROOT


@dataclass(frozen=True)
class Cost:
    pipeline: float
    bare: float
    python_markdown: float
    growth_to_10_kb: float
    growth_to_100_kb: float
    engine_growth_to_1_mb: float
    words: int
    megabytes: float


def measure(rounds: int) -> Cost:
    """Medians of rounds in turn; growth is that of the time for each byte."""
    result = subprocess.run(
        [sys.executable, "-m", "benchmarks.markup", str(rounds)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Cost(**json.loads(result.stdout))


def kilobytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main(rounds: int) -> None:
    before = kilobytes()
    found = import_module("benchmarks.renderers").costs(rounds)
    found["megabytes"] = (kilobytes() - before) / 1024
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(int(sys.argv[1]))
