from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.utils import timezone

from core import limits
from core.models import LimitWindow

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db


def test_lets_the_limit_through_and_says_how_long_to_wait() -> None:
    waits = [limits.hit("a", limit=3, seconds=60) for _ in range(5)]

    assert waits[:3] == [0, 0, 0]
    assert all(55 < wait <= 60 for wait in waits[3:])


def test_keys_are_apart() -> None:
    limits.hit("a", limit=1, seconds=60)

    assert limits.hit("b", limit=1, seconds=60) == 0


def test_counting_begins_anew_when_the_window_ends() -> None:
    limits.hit("a", limit=1, seconds=60)
    LimitWindow.objects.update(ends_at=timezone.now() - timedelta(seconds=1))

    assert limits.hit("a", limit=1, seconds=60) == 0
    assert limits.hit("a", limit=1, seconds=60) > 0


def test_refused_acts_do_not_prolong_the_window() -> None:
    limits.hit("a", limit=1, seconds=60)
    before = LimitWindow.objects.get().ends_at

    limits.hit("a", limit=1, seconds=60)

    assert LimitWindow.objects.get().ends_at == before


def test_endless_key_fits() -> None:
    assert limits.hit("x" * 10_000, limit=1, seconds=60) == 0


def test_sweep_forgets_only_what_has_ended() -> None:
    limits.hit("old", limit=1, seconds=60)
    LimitWindow.objects.update(ends_at=timezone.now() - timedelta(minutes=5))
    limits.hit("new", limit=1, seconds=60)

    assert limits.sweep() == 1
    assert LimitWindow.objects.get().key == "new"


def test_costs_one_query(django_assert_num_queries: Callable[..., object]) -> None:
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        limits.hit("a", limit=1, seconds=60)


def minute_and_hour() -> list[limits.Window]:
    return [limits.Window("minute", 2, 60), limits.Window("hour", 3, 3600)]


def counts() -> dict[str, int]:
    return dict(LimitWindow.objects.values_list("key", "count"))


def test_several_windows_are_counted_in_one_query(
    django_assert_num_queries: Callable[..., object],
) -> None:
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        assert limits.hit_all(minute_and_hour()) == 0

    assert counts() == {"minute": 1, "hour": 1}


def test_what_one_window_refuses_is_not_counted_in_the_next() -> None:
    waits = [limits.hit_all(minute_and_hour()) for _ in range(4)]

    assert waits[:2] == [0, 0]
    assert all(0 < wait <= 60 for wait in waits[2:])
    assert counts() == {"minute": 4, "hour": 2}


def test_last_of_several_windows_refuses_too() -> None:
    limits.hit_all([limits.Window("hour", 3, 3600)])
    waits = []
    for _ in range(3):
        waits.append(limits.hit_all(minute_and_hour()))
        LimitWindow.objects.filter(key="minute").delete()

    assert waits[:2] == [0, 0]
    assert 60 < waits[2] <= 3600


def test_no_window_is_no_query(
    django_assert_num_queries: Callable[..., object],
) -> None:
    with django_assert_num_queries(0):  # type: ignore[attr-defined]
        assert limits.hit_all([]) == 0


@pytest.mark.django_db(transaction=True)
def test_several_are_exact_under_concurrent_connections() -> None:
    windows = [limits.Window("minute", 20, 60), limits.Window("hour", 10, 3600)]

    def act(n: int) -> bool:
        try:
            return limits.hit_all(windows) == 0
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        passed = list(pool.map(act, range(48)))

    assert sum(passed) == 10
    assert counts() == {"minute": 48, "hour": 20}


@pytest.mark.django_db(transaction=True)
def test_is_exact_under_concurrent_connections() -> None:
    def act(n: int) -> bool:
        try:
            return limits.hit("a", limit=10, seconds=60) == 0
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        passed = list(pool.map(act, range(48)))

    assert sum(passed) == 10
    assert LimitWindow.objects.get().count == 48
