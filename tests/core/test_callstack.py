"""Calls cost the kernel nothing, however deep they are made."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.callstack import with_room

resource = pytest.importorskip("resource", reason="page faults are counted by POSIX")

DEPTHS = 400
CALLS = 200


def nothing() -> None:
    pass


def call_from(depth: int) -> None:
    if depth:
        call_from(depth - 1)
    else:
        for _ in range(CALLS):
            nothing()


def faults(function: Callable[[int], None], depth: int) -> int:
    """How often the kernel had to give memory."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    function(depth)
    return int(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)


def test_no_depth_asks_the_kernel_at_each_call() -> None:
    with_room(call_from)(DEPTHS)

    worst = max(faults(with_room(call_from), depth) for depth in range(DEPTHS))

    assert worst < CALLS / 4


def test_answers_and_raises_like_the_function() -> None:
    def divided(number: int, *, by: int) -> float:
        """Say what is left."""
        return number / by

    roomy = with_room(divided)

    assert roomy(3, by=2) == 1.5
    assert (roomy.__name__, roomy.__doc__) == ("divided", "Say what is left.")
    with pytest.raises(ZeroDivisionError):
        roomy(3, by=0)
