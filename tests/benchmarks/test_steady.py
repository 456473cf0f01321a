from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.figures import Unmeasurable, percentile
from benchmarks.steady import latencies
from tests.benchmarks.conftest import STALL

if TYPE_CHECKING:
    from tests.benchmarks.conftest import Server


def test_every_request_has_its_moment(server: Server) -> None:
    milliseconds = latencies(server.url, 100, 0.5)

    assert len(milliseconds) == server.requests == 50


def test_what_was_due_during_a_stall_counts_as_late(server: Server) -> None:
    server.stalls_at = 100

    milliseconds = latencies(f"{server.url}stall/", 200, 1.5)

    # A closed loop of so many connections would have seen one late answer for each.
    late = [taken for taken in milliseconds if taken > STALL * 1000 / 4]
    assert len(milliseconds) == 300
    assert len(late) > 200 * STALL / 2
    assert percentile(milliseconds, 1.0) > STALL * 1000 * 0.9


def test_answer_that_is_not_the_page_ends_the_measurement(server: Server) -> None:
    with pytest.raises(Unmeasurable, match="410"):
        latencies(f"{server.url}gone/", 10, 0.5)
