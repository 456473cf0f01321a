"""The figures as a table, and the page that shows it."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.figures import Figure, Run

HEAD = "| Figure | Measured | Beside | Wanted |\n|---|---|---|---|"
TEMPLATE = Path(__file__).with_name("page.md")


def table(figures: Sequence[Figure]) -> str:
    return "\n".join([HEAD, *rows(figures)])


def rows(figures: Sequence[Figure]) -> list[str]:
    """A line for each; those that stand in the chart alone have none."""
    return [
        f"| {figure.name} | {figure.text} | {figure.beside} | {wanted(figure)} |"
        for figure in figures
        if figure.text
    ]


def wanted(figure: Figure) -> str:
    return figure.wanted if figure.is_reached else f"{figure.wanted}: **not reached**"


@dataclass(frozen=True)
class Circumstances:
    """When and beside what the figures were measured."""

    day: date
    database: str
    seconds: float
    load: float


def page(figures: Sequence[Figure], run: Run, found: Circumstances) -> str:
    return TEMPLATE.read_text().format(
        day=found.day,
        cores=len(os.sched_getaffinity(0)),
        python=platform.python_version(),
        database=found.database,
        load=found.load,
        chart="images/performance.svg",
        rounds=run.rounds,
        table=table(figures),
        minutes=max(1, round(found.seconds / 60)),
    )
