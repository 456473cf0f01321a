"""How good a comment is by what was given to it, for the order of a conversation."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Z = NormalDist().inv_cdf(0.975)


def score(given: Iterable[tuple[int, int]]) -> float:
    """Of pairs of a weight and how often it was given; weight 0 counts for nothing."""
    pairs = list(given)
    for_it = sum(n for weight, n in pairs if weight > 0)
    against = sum(n for weight, n in pairs if weight < 0)
    return lower_bound(for_it, for_it + against)


def lower_bound(positive: int, total: int) -> float:
    """What share would at least be positive if everybody had spoken, 95 % sure.

    The lower end of the score interval of E. B. Wilson, "Probable Inference, the Law of
    Succession, and Statistical Inference", JASA 22 (1927), 209-212: one voice for it
    is worth less than ninety of a hundred. 0 where nobody has spoken.
    """
    if total == 0:
        return 0.0
    share = positive / total
    middle = share + Z**2 / (2 * total)
    margin = Z * sqrt((share * (1 - share) + Z**2 / (4 * total)) / total)
    return max(0.0, (middle - margin) / (1 + Z**2 / total))
