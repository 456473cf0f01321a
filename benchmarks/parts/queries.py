"""Queries for each page, with little content and with ten times as much."""

from __future__ import annotations

from benchmarks import inside, site
from benchmarks.figures import Figure, Run

FEW = (100, 1_000)
MORE = (900, 9_000)
"""Posts and comments, added to those that are there."""


def measure(run: Run) -> list[Figure]:
    with site.blog(run) as blog:
        few, many = (
            inside.ask(blog.data, "benchmarks.rows", "queries", *added)
            for added in (FEW, MORE)
        )
    return [
        Figure(
            f"Queries of {name}",
            f"{few[name]}",
            f"{many[name]} with ten times the content",
        )
        for name in few
    ]
