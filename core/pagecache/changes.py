"""What changed since the last look, read from the table that the triggers fill.

A look asks for what its own snapshot sees and the one before did not. So a transaction
that began early and committed late is seen by the first look after its commit, whatever
committed in between: `xid > last` would have gone past it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

READ = """
    SELECT pg_current_snapshot()::text, ARRAY(
        SELECT DISTINCT tag FROM core_change
        WHERE xid >= pg_snapshot_xmin(%(before)s::pg_snapshot)
        AND NOT pg_visible_in_snapshot(xid, %(before)s::pg_snapshot)
        -- A dump restored elsewhere holds numbers that are still to come there.
        AND xid < pg_snapshot_xmax(pg_current_snapshot())
    )
"""

MOMENTS_APART = 0.5
"""Seconds by which the same moment may differ between two looks."""

upcoming: list[Callable[[], timedelta | None]] = []
"""Each says how long it is until time alone changes what is public."""


@dataclass(frozen=True)
class Reading:
    snapshot: str
    tags: frozenset[str]
    next_in: float | None
    """Seconds until time alone changes something."""

    @property
    def end(self) -> int:
        """Every transaction with a smaller number had begun."""
        return end_of(self.snapshot)


def end_of(snapshot: str) -> int:
    return int(snapshot.split(":")[1])


def read(before: str | None) -> Reading:
    """What changed since the snapshot `before`; nothing where there is none yet."""
    with connection.cursor() as cursor:
        if before is None:
            cursor.execute("SELECT pg_current_snapshot()::text, '{}'::text[]")
        else:
            cursor.execute(READ, {"before": before})
        snapshot, tags = cursor.fetchone()
    waits = [wait for ask in upcoming if (wait := ask()) is not None]
    next_in = min(waits).total_seconds() if waits else None
    return Reading(snapshot, frozenset(tags), next_in)


def moment(reading: Reading) -> float | None:
    """When, on the clock of this process, time alone changes something."""
    return None if reading.next_in is None else time.monotonic() + reading.next_in


def has_passed(known: float | None, found: float | None) -> bool:
    """Whether the moment that was known is over, now that the next one is found.

    A look that is under way at the moment itself finds the one after it.
    """
    return known is not None and (
        known <= time.monotonic() or found is None or found > known + MOMENTS_APART
    )


def touch(tag: str) -> None:
    """Have every page that carries the tag made again, in all caches."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT core_note_changes(ARRAY[%s])", [tag])


def read_and_leave(before: str | None) -> Reading:
    """The same, from a thread that keeps no connection."""
    try:
        return read(before)
    finally:
        connection.close()


def mark() -> str:
    """A number that every later look has passed, and no look before this act."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")
        (number,) = cursor.fetchone()
    return str(number)


def after_now(url: str) -> str:
    """The address of a public page, that shows what was done so far: `?after=<mark>`.

    Call it when the act is committed. One query.
    """
    parts = urlsplit(url)
    query = f"{parts.query}&" if parts.query else ""
    return urlunsplit(parts._replace(query=f"{query}after={mark()}"))
