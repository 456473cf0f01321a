"""The front behind a cache that is told what to forget: pages that it may hold."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from core.pagecache.front import REACH_WITHIN, Front
from core.pagecache.pages import NO_STORE

if TYPE_CHECKING:
    from core.pagecache.front import Asker, Send
    from core.pagecache.pages import Headers, Page
    from core.pagecache.routes import PageRoute
    from core.shared_caches import SharedCache

DAY = 24 * 60 * 60


class HeldFront(Front):
    """Says how long a page may be held, of those alone that are certainly current.

    A purge lets the shared cache ask at once, and what it gets then it keeps for a
    day: so whatever it may keep is compared with the database first. That costs a
    look in twenty milliseconds at most.
    """

    def __init__(self, *args: Any, cache: SharedCache, **options: Any) -> None:
        super().__init__(*args, **options)
        self._cache = cache

    async def _send_public(self, route: PageRoute, asker: Asker, send: Send) -> None:
        await self._refresh()
        await super()._send_public(route, asker, send)

    async def _send_page(
        self,
        send: Send,
        asker: Asker,
        page: Page,
        cache_status: bytes,
        control: bytes,
    ) -> None:
        if control is not NO_STORE:
            # The render may have taken seconds.
            await self._refresh()
            send = adding(self._hold(page), send)
        await super()._send_page(send, asker, page, cache_status, control)

    async def _refresh(self) -> None:
        if not self.freshness.is_away:
            with suppress(TimeoutError):
                async with asyncio.timeout(REACH_WITHIN):
                    await self.freshness.refresh()

    def _hold(self, page: Page) -> Headers:
        """Nothing for a page that is shown and not kept: overtaken, or old."""
        is_kept = self.store.page(page.key) is page and not page.is_outdated
        seconds = int(self.freshness.steady_for(DAY)) if is_kept else 0
        return self._cache.hold(seconds, page.tags) if seconds > 0 else []


def adding(held: Headers, send: Send) -> Send:
    """The same, with these headers in place of those of the same names."""
    names = {name for name, _ in held}

    async def sending(message: dict[str, Any]) -> None:
        if held and message["type"] == "http.response.start":
            kept = [one for one in message["headers"] if one[0] not in names]
            message = message | {"headers": kept + held}
        await send(message)

    return sending
