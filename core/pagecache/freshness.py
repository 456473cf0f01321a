"""How current the pages of this process are: one look a second at what changed."""

from __future__ import annotations

import asyncio
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from core.pagecache.changes import Reading, end_of, has_passed, moment
from core.pagecache.tags import LIST, SITE, touched_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

logger = logging.getLogger(__name__)

PERIOD = 1.0
OVERDUE = 1.2
"""A look that takes longer means that the database is away, or as good as away."""
ROWS_LIVE = 3600.0
EARLIEST_AGAIN = 0.05
"""Seconds between looks that readers ask for with `?after=`."""
RECENT = 0.5
"""Seconds for which a look may vouch for what is sent."""
LONGEST_MARK = 19


class Outdated(Protocol):
    def outdate(self, tags: Iterable[str]) -> None: ...


class Freshness:
    """Reads what changed, tells the store, and remembers it for renders under way."""

    def __init__(self, store: Outdated, read: Callable[[str | None], Reading]) -> None:
        self._store = store
        self._read = read
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="changes")
        self._snapshot: str | None = None
        self._read_at = float("-inf")
        self._begun_at: float | None = None
        self._look: asyncio.Task[bool] | None = None
        self._next_at: float | None = None
        self._has_failed = False
        self._is_unsure = False
        self.count = 0
        self._recent: list[tuple[int, set[str]]] = []
        self._renders: list[int] = []

    @property
    def is_away(self) -> bool:
        """Whether the last look failed, or the present one takes too long."""
        begun = self._begun_at
        return self._has_failed or (
            begun is not None and time.monotonic() - begun > OVERDUE
        )

    async def run(self) -> None:
        """Look once a second, and at every moment at which a post becomes public."""
        while True:
            started = time.monotonic()
            await self.look()
            await self._sleep_until(started + PERIOD)

    async def _sleep_until(self, moment: float) -> None:
        while self._next_at is not None and self._next_at <= moment:
            await asyncio.sleep(max(0.0, self._next_at - time.monotonic()))
            self._next_at = None
            # The next moment is not known yet: it may pass before the next look.
            self._is_unsure = True
            self._apply({LIST})
        await asyncio.sleep(max(0.0, moment - time.monotonic()))

    async def look(self) -> bool:
        """Read what changed, or wait for the look under way; whether it succeeded."""
        if self._look is None or self._look.done():
            self._look = asyncio.create_task(self._look_now())
        return await asyncio.shield(self._look)

    async def _look_now(self) -> bool:
        loop = asyncio.get_running_loop()
        self._begun_at = started = time.monotonic()
        try:
            reading = await loop.run_in_executor(
                self._thread, self._read, self._snapshot
            )
            self._take(reading, started)
        except Exception as error:
            if not self._has_failed:
                logger.warning("What changed cannot be read: %s", error)
            self._has_failed = self._is_unsure = True
            return False
        finally:
            self._begun_at = None
        return True

    def _take(self, reading: Reading, started: float) -> None:
        has_gap = started - self._read_at > ROWS_LIVE and self._snapshot is not None
        # Another server under the same address counts from another number.
        is_other = self._snapshot is not None and reading.end < end_of(self._snapshot)
        self._snapshot = reading.snapshot
        self._read_at = started
        self._has_failed = False
        changed = {SITE} if has_gap or is_other else set(reading.tags)
        next_at = moment(reading)
        if self._is_unsure or has_passed(self._next_at, next_at):
            changed.add(LIST)
        self._is_unsure = False
        self._next_at = next_at
        self._apply(changed)

    def _apply(self, changed: set[str]) -> None:
        self.count += 1
        if not changed:
            return
        touched = touched_by(changed)
        self._store.outdate(touched)
        if self._renders:
            self._recent.append((self.count, touched))

    def begin(self) -> int | None:
        """Note where a render begins. `None`: nothing was read yet, do not keep it."""
        if self._snapshot is None:
            return None
        self._renders.append(self.count)
        return self.count

    def end(self, begun: int | None, tags: frozenset[str] | None) -> bool:
        """Whether what was rendered since then may be kept: no look found its tags.

        Every render that began ends here, with no tags if it came to nothing.
        """
        if begun is None:
            return False
        is_current = (
            tags is not None
            and not self._has_failed
            and all(
                number <= begun or tags.isdisjoint(touched)
                for number, touched in self._recent
            )
        )
        self._renders.remove(begun)
        oldest = min(self._renders, default=self.count)
        self._recent = [noted for noted in self._recent if noted[0] > oldest]
        return is_current

    async def reach(self, mark: str) -> bool:
        """Look until what `mark` stands for is seen; whether it stands for anything."""
        if not (mark.isascii() and mark.isdecimal() and len(mark) <= LONGEST_MARK):
            return False
        number = int(mark)
        if self._has_passed(number):
            return True
        if self._look is not None and not self._look.done():
            # It may have begun before the act.
            await self.look()
        if not self._has_passed(number):
            await asyncio.sleep(
                max(0.0, self._read_at + EARLIEST_AGAIN - time.monotonic())
            )
            await self.look()
        return self._has_passed(number)

    async def refresh(self) -> None:
        """Look, unless one was begun a moment ago."""
        for _ in range(2):
            # The one under way may have begun earlier.
            if time.monotonic() - self._read_at > EARLIEST_AGAIN:
                await self.look()

    def steady_for(self, longest: float) -> float:
        """Seconds until time alone changes something; 0 while that is not known."""
        now = time.monotonic()
        if self.is_away or self._is_unsure or now - self._read_at > RECENT:
            return 0.0
        return longest if self._next_at is None else min(longest, self._next_at - now)

    def _has_passed(self, number: int) -> bool:
        return self._snapshot is not None and number < end_of(self._snapshot)

    def close(self) -> None:
        if self._look is not None:
            self._look.cancel()
        with suppress(RuntimeError):
            self._thread.shutdown(wait=False, cancel_futures=True)
