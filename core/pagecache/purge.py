"""Telling a shared cache what changed: what the worker does beside its tasks.

It reads the table that the triggers fill as web processes do. Every change is told
twice: at once, and when no older answer can be on its way any more. The row in
`core_purge` says up to where both has happened: after a crash the next one begins
there.
"""

from __future__ import annotations

import asyncio
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models.functions import Now

from core.models import Purge
from core.pagecache import changes
from core.pagecache.freshness import ROWS_LIVE
from core.pagecache.tags import LIST, SITE, touched_by
from core.shared_caches import PurgeError

if TYPE_CHECKING:
    from core.pagecache.changes import Reading
    from core.shared_caches import SharedCache

logger = logging.getLogger(__name__)

PERIOD = 0.5
"""Seconds between looks."""
APART = 1.0
"""Seconds between two purges."""
SETTLE = 0.1
"""Seconds until no answer can be held that a process made from an earlier look."""
AGAIN = 3.0
"""Seconds until no answer from before a purge can be on its way any more."""
LONGEST_PAUSE = 10.0
PAUSE_FOR_OTHERS = 2.0
REMEMBER = 60.0
"""Seconds after which the row is brought up to date though nothing changed."""
MOST_TAGS = 1000
"""Of more, the whole site is purged."""
LOCK = 0x42796C696E65
"""Of the session in which one worker tells, and the others wait."""


@dataclass(frozen=True)
class Told:
    """What was told once, and up to which snapshot that was everything."""

    tags: frozenset[str]
    snapshot: str
    read_at: float
    again_at: float


class Purger:
    """One life of the follower; after an error the next one begins at the row."""

    def __init__(self, cache: SharedCache) -> None:
        self._cache = cache
        self._is_alone = False
        self._reading: Reading | None = None
        self._read_at = 0.0
        self._next_at: float | None = None
        self._new: set[str] = set()
        self._told: list[Told] = []
        self._earliest = 0.0
        self._pause = 0.0
        self._remembered_at = float("-inf")

    def step(self) -> float:
        """Look, tell what is to be told, and say how long to rest. Blocks."""
        self._is_alone = self._is_alone or lock()
        if not self._is_alone:
            return PAUSE_FOR_OTHERS
        self._look()
        now = time.monotonic()
        again = [told for told in self._told if told.again_at <= now]
        if now >= self._earliest:
            if self._new or again:
                self._tell(again)
            elif not self._told and now - self._remembered_at > REMEMBER:
                self._remember(self._snapshot, self._read_at)
        return self._rest()

    @property
    def _snapshot(self) -> str:
        assert self._reading is not None  # noqa: S101  (after a look)
        return self._reading.snapshot

    def _look(self) -> None:
        started = time.monotonic()
        known = self._reading
        if known is None:
            reading, tags = first_reading()
        else:
            reading = changes.read(known.snapshot)
            # Another server under the same address counts from another number.
            is_other = reading.end < known.end
            tags = {SITE} if is_other else set(reading.tags)
        next_at = changes.moment(reading)
        if changes.has_passed(self._next_at, next_at):
            tags.add(LIST)
        self._reading, self._read_at, self._next_at = reading, started, next_at
        self._new |= touched_by(tags)

    def _tell(self, again: list[Told]) -> None:
        if self._new:
            time.sleep(SETTLE)
        tags = self._new.union(*(told.tags for told in again))
        try:
            self._cache.purge(tags if len(tags) <= MOST_TAGS else {SITE})
        except PurgeError as error:
            if not self._pause:
                logger.warning("%s It is told again until it hears.", error)
            self._pause = min(LONGEST_PAUSE, self._pause * 2 or APART)
            self._earliest = time.monotonic() + self._pause
            return
        if self._pause:
            logger.warning("%s was told what changed meanwhile.", self._cache.name)
        now = time.monotonic()
        self._pause = 0.0
        self._earliest = now + APART
        self._told = self._told[len(again) :]
        if self._new:
            told = Told(
                frozenset(self._new), self._snapshot, self._read_at, now + AGAIN
            )
            self._told.append(told)
            self._new = set()
        if again:
            self._remember(again[-1].snapshot, again[-1].read_at)

    def _remember(self, snapshot: str, read_at: float) -> None:
        age = timedelta(seconds=time.monotonic() - read_at)
        Purge.objects.update_or_create(
            pk=1, defaults={"snapshot": snapshot, "read_at": Now() - age}
        )
        self._remembered_at = time.monotonic()

    def _rest(self) -> float:
        """Until the next look, the next purge or the next post, whichever is first."""
        now = time.monotonic()
        moments = [now + PERIOD]
        if self._next_at is not None:
            moments.append(self._next_at)
        if self._new:
            moments.append(self._earliest)
        return max(0.0, min(moments) - now)


def lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        (is_ours,) = cursor.fetchone()
    return bool(is_ours)


def first_reading() -> tuple[Reading, set[str]]:
    """What changed since the row was written. Nobody knows what time did meanwhile."""
    kept = Purge.objects.recent(timedelta(seconds=ROWS_LIVE)).first()
    if kept is None:
        return changes.read(None), {SITE}
    reading = changes.read(kept.snapshot)
    is_other = reading.end < changes.end_of(kept.snapshot)
    return reading, {SITE} if is_other else {LIST, *reading.tags}


async def follow(cache: SharedCache) -> None:
    """Tell the cache what changes, until cancelled. The database may come and go."""
    loop = asyncio.get_running_loop()
    thread = ThreadPoolExecutor(1, thread_name_prefix="purge")
    has_failed = False
    while True:
        purger = Purger(cache)
        try:
            while True:
                pause = await loop.run_in_executor(thread, purger.step)
                has_failed = False
                await asyncio.sleep(pause)
        except Exception as error:
            if not has_failed:
                logger.warning("What to purge cannot be read: %s", error)
            has_failed = True
        await loop.run_in_executor(thread, connection.close)
        await asyncio.sleep(PAUSE_FOR_OTHERS)
