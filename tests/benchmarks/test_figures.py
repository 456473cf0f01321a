from __future__ import annotations

import pytest

from benchmarks.figures import Figure, compare, percentile, ratios, spread


@pytest.mark.parametrize(
    ("share", "expected"), [(0.5, 50), (0.99, 99), (0.991, 100), (1.0, 100), (0.0, 1)]
)
def test_percentile_is_a_value_that_was_measured(share: float, expected: int) -> None:
    values = list(range(100, 0, -1))

    assert percentile(values, share) == expected


def test_percentile_of_few_is_the_slowest() -> None:
    assert percentile([3.0, 9.0, 4.0], 0.99) == 9.0


def test_rounds_are_compared_with_their_own_baseline() -> None:
    figure = compare("Hits", [30, 10, 40], [10, 5, 20], "bare", least=2.5)

    assert figure.text == "2.00 (2.00 to 3.00) ×"
    assert figure.value == 2.0
    assert not figure.is_reached


def test_rounds_that_differ_in_number_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        ratios([1, 2], [1])


def test_one_round_has_no_spread() -> None:
    assert spread([1.234], digits=1) == "1.2"


@pytest.mark.parametrize(
    ("value", "least", "most", "is_reached"),
    [
        (2.5, 2.5, None, True),
        (2.4, 2.5, None, False),
        (60.0, None, 60.0, True),
        (61.0, None, 60.0, False),
        (7.0, None, None, True),
        (None, 0.3, None, True),
    ],
)
def test_bounds_are_part_of_what_is_wanted(
    value: float | None, least: float | None, most: float | None, is_reached: bool
) -> None:
    figure = Figure("Name", "text", value=value, least=least, most=most)

    assert figure.is_reached is is_reached


def test_what_is_wanted_names_the_unit() -> None:
    assert Figure("Name", "text", most=60, unit="ms").wanted == "≤ 60 ms"
    assert Figure("Name", "text", least=0.8).wanted == "≥ 0.8"
    assert Figure("Name", "text").wanted == ""
