"""From the command to the ready line, and from there to the first article."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

from benchmarks import site
from benchmarks.figures import Figure, Run, ratios, spread

NEXT = "/posts/reading-a-query-plan/"
"""Another article, that nobody has asked for before: what the first is compared to."""


def measure(run: Run) -> list[Figure]:
    first, second, article, later = [], [], [], []
    for _ in range(run.rounds):
        with tempfile.TemporaryDirectory(dir=run.folder) as folder:
            data = Path(folder) / "var"
            with site.serve(data) as blog:
                path = blog.article.removeprefix(blog.url)
                first.append(blog.seconds)
            with site.serve(data) as blog:
                article.append(milliseconds(f"{blog.url}{path}"))
                later.append(milliseconds(f"{blog.url}{NEXT[1:]}"))
                second.append(blog.seconds)
    times = statistics.median(ratios(second, first))
    ahead = statistics.median(ratios(article, later))
    beside = f"the next new one: {statistics.median(later):.0f} ms; {ahead:.1f} × that"
    return [
        Figure(
            "First start, with the demo: to the ready line",
            f"{spread(first, digits=1)} s",
        ),
        Figure(
            "Second start: to the ready line",
            f"{spread(second, digits=1)} s",
            f"{times:.2f} × the first",
        ),
        Figure(
            "First article after the ready line",
            f"{spread(article, digits=0)} ms",
            beside,
            value=statistics.median(article),
            most=300,
            unit="ms",
        ),
    ]


def milliseconds(address: str) -> float:
    began = time.perf_counter()
    with urlopen(address) as answer:  # noqa: S310
        answer.read()
    return (time.perf_counter() - began) * 1000
