"""Several people at once, each with a real connection."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from django.db import connection


def together(acts: Sequence[Callable[[], object]]) -> list[BaseException]:
    """Do all at the same time, each with a connection of its own."""
    barrier = threading.Barrier(len(acts))
    failures: list[BaseException] = []

    def run(act: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=20)
            act()
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return failures


def until_somebody_waits(then: str = "count(*)") -> None:
    """Until a session waits for a lock; `then` may say what is done to it."""
    end = time.monotonic() + 10
    waiting = (
        f"SELECT {then} FROM pg_stat_activity "  # noqa: S608
        "WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with connection.cursor() as cursor:
        while time.monotonic() < end:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(waiting)
            if cursor.fetchone() != (0,):
                return
            time.sleep(0.01)
    raise AssertionError("nobody waited")
