"""What a part of the suite hands back, and the arithmetic that all of them share."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class Unmeasurable(Exception):
    """Something that the measurement needs is not there, or answered wrongly."""


@dataclass(frozen=True)
class Run:
    """How thoroughly to measure. Blogs and answers are kept under `folder`."""

    folder: Path
    rounds: int = 5
    seconds: int = 3
    pages: int = 10_000
    populate: int = 0


@dataclass(frozen=True)
class Figure:
    """One row of the table; `value` is compared with `least` and `most`."""

    name: str
    text: str
    beside: str = ""
    value: float | None = None
    least: float | None = None
    most: float | None = None
    unit: str = ""
    times_bare: float | None = None
    """Requests a second, where the bare WSGI callable has 1: a bar of the chart."""

    @property
    def wanted(self) -> str:
        bounds = (("≥", self.least), ("≤", self.most))
        unit = f" {self.unit}" if self.unit else ""
        return ", ".join(
            f"{sign} {bound:g}{unit}" for sign, bound in bounds if bound is not None
        )

    @property
    def is_reached(self) -> bool:
        return self.value is None or (
            (self.least is None or self.value >= self.least)
            and (self.most is None or self.value <= self.most)
        )


def ratios(measured: Sequence[float], baseline: Sequence[float]) -> list[float]:
    """Round by round: what slows the machine slows both."""
    return [one / other for one, other in zip(measured, baseline, strict=True)]


def spread(rounds: Sequence[float], digits: int = 2) -> str:
    """The median, and between what the rounds lay."""
    low, middle, high = (
        f"{value:.{digits}f}"
        for value in (min(rounds), statistics.median(rounds), max(rounds))
    )
    return middle if len(rounds) == 1 else f"{middle} ({low} to {high})"


def compare(
    name: str,
    measured: Sequence[float],
    baseline: Sequence[float],
    beside: str,
    *,
    least: float | None = None,
    most: float | None = None,
) -> Figure:
    """The row of a ratio: the median over the rounds of `measured` to `baseline`."""
    rounds = ratios(measured, baseline)
    return Figure(
        name,
        f"{spread(rounds)} ×",
        beside,
        value=statistics.median(rounds),
        least=least,
        most=most,
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that is not exceeded by `share` of them (nearest rank)."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]
