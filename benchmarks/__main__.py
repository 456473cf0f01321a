"""Measure what the README claims: `uv run python -m benchmarks`.

Every part starts what it needs on free ports of 127.0.0.1 and in a temporary folder.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import chart, inside, report, site
from benchmarks.figures import Figure, Run, Unmeasurable
from benchmarks.parts import (
    bridge,
    comments,
    conversation,
    growth,
    hits,
    latency,
    memory,
    previews,
    queries,
    readers,
    rendering,
    start,
    votes,
    weight,
    work,
)

type Part = Callable[[Run], list[Figure]]

PARTS: dict[str, Part] = {
    "hits": hits.measure,
    "comments": comments.measure,
    "votes": votes.measure,
    "conversation": conversation.measure,
    "previews": previews.measure,
    "readers": readers.measure,
    "latency": latency.measure,
    "bridge": bridge.measure,
    "work": work.measure,
    "start": start.measure,
    "memory": memory.measure,
    "weight": weight.measure,
    "queries": queries.measure,
    "rendering": rendering.measure,
    "growth": growth.measure,
}
UNBOUNDED = "growth"
FAILURES = (Unmeasurable, EOFError, OSError, subprocess.SubprocessError)
LONGEST = 15 * 60
OVER = "the time was over"
SECONDS_MAX = 10
DOCS = site.ROOT / "docs"


def main() -> None:
    options = read_options()
    with tempfile.TemporaryDirectory(prefix="byline-bench-") as folder:
        run = Run(
            Path(folder),
            rounds=options.rounds,
            seconds=options.seconds,
            pages=options.pages,
            populate=options.populate,
        )
        load = os.getloadavg()[0]
        names = options.parts or list(PARTS)
        figures, seconds = measure(run, {name: PARTS[name] for name in names})
        if not options.parts:
            with site.blog(run) as blog:
                version = inside.ask(blog.data, "benchmarks.rows", "database_version")
            today = datetime.now(UTC).date()
            found = report.Circumstances(today, version, seconds, load)
            write(figures, run, found)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Without parts all are measured, and docs/performance.md written.",
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--rounds", type=int, default=Run.rounds)
    parser.add_argument("--seconds", type=int, default=Run.seconds, help="of one load")
    parser.add_argument("--pages", type=int, default=Run.pages, help="of `memory`")
    parser.add_argument(
        "--populate", type=int, default=0, metavar="N", help="posts of `growth`"
    )
    options = parser.parse_args()
    if not 1 <= options.seconds <= SECONDS_MAX:
        parser.error(f"--seconds is 1 to {SECONDS_MAX}: idle connections end then.")
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"There is no part {', '.join(sorted(unknown))}.")
    return options


def measure(
    run: Run, parts: Mapping[str, Part], *, longest: float = LONGEST
) -> tuple[list[Figure], float]:
    """Print the rows as they come; the figures, and the seconds without `growth`.

    A part that cannot be measured is a row that says why, and the others go on.
    """
    figures: list[Figure] = []
    total = 0.0
    print(report.HEAD)
    for name, part in parts.items():
        began = time.monotonic()
        is_late = total >= longest and name != UNBOUNDED
        found = [not_measured(name, OVER)] if is_late else attempt(name, part, run)
        seconds = time.monotonic() - began
        total += seconds if name != UNBOUNDED else 0.0
        figures += found
        for row in report.rows(found):
            print(row, flush=True)
        print(f"{name}: {seconds:.0f} s", file=sys.stderr, flush=True)
    return figures, total


def attempt(name: str, part: Part, run: Run) -> list[Figure]:
    try:
        return part(run)
    except FAILURES as error:
        return [not_measured(name, str(error))]


def not_measured(name: str, reason: str) -> Figure:
    return Figure(name, "not measured", reason)


def write(figures: list[Figure], run: Run, found: report.Circumstances) -> None:
    page = report.page(figures, run, found)
    (DOCS / "performance.md").write_text(page)
    (DOCS / "images/performance.svg").write_text(chart.draw(figures))


if __name__ == "__main__":
    main()
