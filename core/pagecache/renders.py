"""Making pages: once for all who wait for the same one."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.pagecache import refusals
from core.pagecache.bridge import Busy, call, environ_for
from core.pagecache.pages import HIT, MISS, STALE, Answer, Page
from core.pagecache.tags import collected, tags_of

if TYPE_CHECKING:
    from core.pagecache.bridge import Application, Threads
    from core.pagecache.freshness import Freshness
    from core.pagecache.pages import Key
    from core.pagecache.public import PublicPage
    from core.pagecache.store import Store

KEPT = {200, 301}
OLDEST = 300.0
WAIT = 2.6
"""Seconds that a reader waits for a new page."""
SHORT_WAIT = 1.0
"""Where there is an old one to show, or little hope."""
TRIES = 2


@dataclass(frozen=True, slots=True)
class Made:
    """What a render came to. A page that was overtaken is shown, and not kept."""

    answer: Page | Answer
    began: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class Got:
    answer: Page | Answer
    cache_status: bytes


class Renders:
    def __init__(
        self,
        application: Application,
        threads: Threads,
        freshness: Freshness,
        store: Store,
    ) -> None:
        self._application = application
        self._threads = threads
        self._freshness = freshness
        self._store = store
        self._under_way: dict[Key, asyncio.Task[Made]] = {}

    async def get(self, key: Key, public: PublicPage, coding: str) -> Got:
        """The page from the store, or new; the old one where no new one can be had."""
        came = self._freshness.count
        made: Made | None = None
        for _ in range(TRIES):
            old = self._store.page(key)
            if old is not None and old.is_fresh(time.monotonic()):
                return Got(old, HIT)
            if old is not None and self._freshness.is_away:
                return Got(old, STALE)
            is_hopeful = old is None and not self._freshness.is_away
            made = await self._new(
                key, public, coding, WAIT if is_hopeful else SHORT_WAIT
            )
            if made is None:
                return Got(old or unavailable(), STALE)
            if is_unavailable(made.answer):
                return Got(old or made.answer, STALE)
            # What this reader knows was done may be missing from a render that began
            # before, and was overtaken.
            if made.is_current or made.began >= came:
                break
        assert made is not None  # noqa: S101  (there are tries)
        return Got(made.answer, MISS)

    async def close(self) -> None:
        for task in self._under_way.values():
            task.cancel()
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    async def _new(
        self, key: Key, public: PublicPage, coding: str, seconds: float
    ) -> Made | None:
        """A new page, made for all who wait; `None` when it takes longer."""
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(self._render(key, public, coding))
            self._under_way[key] = task
            task.add_done_callback(lambda _: self._under_way.pop(key, None))
        done, _ = await asyncio.wait({task}, timeout=seconds)
        return task.result() if done else None

    async def _render(self, key: Key, public: PublicPage, coding: str) -> Made:
        began = self._freshness.count
        noted = self._freshness.begin()
        page: Page | None = None
        try:
            answer, page = await self._threads.run(
                lambda: make(self._application, key, public, coding)
            )
        except Busy:
            answer = unavailable()
        finally:
            is_current = self._freshness.end(noted, page.tags if page else None)
        if page is None:
            if not is_unavailable(answer):
                self._store.drop(key)
            return Made(answer, began, is_current=True)
        if is_current:
            page.expires = time.monotonic() + OLDEST
            self._store.put(page)
        return Made(page, began, is_current)


def make(
    application: Application, key: Key, public: PublicPage, coding: str
) -> tuple[Answer, Page | None]:
    """Ask the application, in this thread, for a page without an asker."""
    with collected() as found:
        answer = call(application, environ_for(key))
    if answer.status not in KEPT:
        return answer, None
    page = Page.of(key, answer, public.tags | set(tags_of(found)))
    page.represent(coding, answer.body)
    return answer, page


def is_unavailable(answer: Page | Answer) -> bool:
    return answer.status == 503


def unavailable() -> Answer:
    return refusals.refusal(503, refusals.BUSY, retry_after=5)
