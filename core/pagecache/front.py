"""The ASGI application that stands before Django.

Hits, files and `/health/live` are answered in the event loop with finished bytes. All
the rest waits until it has arrived whole and goes to Django's WSGI application in a
bounded pool of threads, whose answer is read whole before its first byte is sent.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core import proxies
from core.pagecache import bodies, refusals
from core.pagecache.bridge import Busy, Threads, call, environ_of
from core.pagecache.changes import read_and_leave
from core.pagecache.codings import IDENTITY, preferred
from core.pagecache.files import FileKey, LargeFile
from core.pagecache.freshness import Freshness
from core.pagecache.pages import (
    EMPTY,
    HIT,
    NO_STORE,
    REVALIDATE,
    Answer,
    Page,
    bare,
    content,
    matches,
    said,
    start,
)
from core.pagecache.renders import Renders
from core.pagecache.routes import BadHost, FileRoute, Live, PageRoute, Routes
from core.pagecache.store import Store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from core.pagecache.bridge import Application, Environ, Scope
    from core.pagecache.files import Folder
    from core.pagecache.pages import Headers

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]

SWITCH_INTERVAL = 0.0005
"""Seconds a thread may keep the interpreter: the event loop waits so long at most."""
ANSWER_WITHIN = 2.6
"""Seconds after which somebody who waits is told that the database is away."""
GIVE_UP_AFTER = 60.0
GLANCE = 0.2
REACH_WITHIN = 1.5
READS = ("GET", "HEAD")
DEFAULT_LIMIT = 1024 * 1024
ALIVE = b'{"status": "live"}'


@dataclass(slots=True)
class Asker:
    """What of a request decides which bytes answer it."""

    method: str
    scheme: str
    host: bytes
    codings: bytes = b""
    known: bytes = b""
    accept: bytes = b""

    @property
    def wants_body(self) -> bool:
        return self.method != "HEAD"


class Front:
    """`limits` are bytes by prefix of the address; the longest prefix counts."""

    def __init__(
        self,
        application: Application,
        *,
        room: int,
        threads: int,
        folders: Sequence[Folder] = (),
        limits: Mapping[str, int] | None = None,
    ) -> None:
        self._application = application
        self._thread_count = threads
        self._limits = sorted((limits or {}).items(), key=lambda item: -len(item[0]))
        self._routes = Routes(folders)
        self.store = Store(room)
        self._acts: set[asyncio.Task[Answer]] = set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Threads and the look at what changes live as long as this."""
        usual = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_INTERVAL)
        self._threads = Threads(self._thread_count)
        self.freshness = Freshness(self.store, read_and_leave)
        self._renders = Renders(
            self._application, self._threads, self.freshness, self.store
        )
        looking = asyncio.create_task(self.freshness.run())
        try:
            yield
        finally:
            looking.cancel()
            with suppress(asyncio.CancelledError):
                await looking
            await self._renders.close()
            self.freshness.close()
            self._threads.close()
            sys.setswitchinterval(usual)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close"})

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        async with self.running():
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        asker = asker_of(scope)
        path = scope["raw_path"]
        if not path.startswith(b"/"):
            path = absolute(asker, path)
            scope["raw_path"] = path
        route = self._routes.find(asker.scheme, asker.host, path, scope["query_string"])
        if route.__class__ is PageRoute and asker.method in READS:
            await self._send_public(route, asker, send)
        elif route.__class__ is FileRoute and asker.method in READS:
            await self._send_file(route, asker, scope, receive, send)
        elif isinstance(route, BadHost):
            said_no = refusals.BAD_HOST if path else refusals.BAD_REQUEST
            await self._refuse(send, asker, refusals.refusal(400, said_no, closes=True))
        elif isinstance(route, Live) and asker.method in READS:
            await send_answer(send, asker, alive())
        else:
            await self._pass_on(asker, scope, receive, send)

    # Public pages

    async def _send_public(self, route: PageRoute, asker: Asker, send: Send) -> None:
        page = self.store.page(route.key)
        if not route.mark and page is not None and page.is_fresh(time.monotonic()):
            await self._send_page(send, asker, page, HIT, REVALIDATE)
            return
        control = REVALIDATE
        if route.mark and await self._reach(route.mark):
            control = NO_STORE
        coding = preferred(asker.codings)
        got = await self._renders.get(route.key, route.page, coding)
        if isinstance(got.answer, Page):
            await self._send_page(send, asker, got.answer, got.cache_status, control)
        else:
            await send_answer(send, asker, not_to_keep(got.answer))

    async def _reach(self, mark: str) -> bool:
        if self.freshness.is_away:
            return True
        try:
            async with asyncio.timeout(REACH_WITHIN):
                return await self.freshness.reach(mark)
        except TimeoutError:
            return True

    async def _send_page(
        self,
        send: Send,
        asker: Asker,
        page: Page,
        cache_status: bytes,
        control: bytes,
    ) -> None:
        coding = preferred(asker.codings)
        made = page.bodies.get(coding)
        if made is None:
            made = await asyncio.to_thread(page.represent, coding)
            self.store.grown(page)
        is_known = (
            bool(asker.known) and page.status == 200 and matches(made.etag, asker.known)
        )
        if cache_status is HIT and control is REVALIDATE:
            message = made.not_modified if is_known else made.start
        else:
            headers = made.headers + said(cache_status, control)
            message = (
                start(304, bare(headers)) if is_known else start(page.status, headers)
            )
        await send(message)
        await send(made.content if asker.wants_body and not is_known else EMPTY)

    # Files

    async def _send_file(
        self,
        route: FileRoute,
        asker: Asker,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        kept = self.store.file(FileKey(route.folder.prefix, route.name))
        if kept is None:
            found = await asyncio.to_thread(route.folder.load, route.name)
            if isinstance(found, LargeFile):
                await found.send(send, with_body=asker.wants_body)
                return
            if found is None:
                await self._pass_on(asker, scope, receive, send)
                return
            self.store.put(found)
            kept = found
        coding = preferred(asker.codings, kept.codings) if kept.codings else IDENTITY
        made = kept.bodies[coding]
        is_known = bool(asker.known) and matches(made.etag, asker.known)
        await send(made.not_modified if is_known else made.start)
        await send(made.content if asker.wants_body and not is_known else EMPTY)

    # Everything else

    async def _pass_on(
        self, asker: Asker, scope: Scope, receive: Receive, send: Send
    ) -> None:
        announced, is_chunked = framing(scope["headers"])
        try:
            body = (
                await bodies.receive_body(
                    receive,
                    announced=announced,
                    limit=self._limit_of(scope["raw_path"]),
                )
                if announced or is_chunked
                else bodies.Body()
            )
        except bodies.Gone:
            return
        except bodies.TooLarge:
            answer = refusals.refusal(
                413, refusals.TOO_LARGE, accept=asker.accept, closes=True
            )
            await self._refuse(send, asker, answer, receive)
            return
        except bodies.TooSlow:
            answer = refusals.refusal(
                408, refusals.TOO_SLOW, accept=asker.accept, closes=True
            )
            await self._refuse(send, asker, answer)
            return
        environ = environ_of(scope, body.rewound(), body.length)
        act = asyncio.create_task(self._act(environ, body))
        self._acts.add(act)
        act.add_done_callback(self._acts.discard)
        done = await self._wait_for(act)
        if done is None:
            done = await asyncio.to_thread(given_up, scope, asker, body)
        await send_answer(send, asker, done)

    def _limit_of(self, path: bytes) -> int:
        text = path.decode("latin-1")
        limits = (limit for prefix, limit in self._limits if text.startswith(prefix))
        return next(limits, DEFAULT_LIMIT)

    async def _act(self, environ: Environ, body: bodies.Body) -> Answer:
        """Goes to its end even if nobody waits any more: it may have been an act."""
        try:
            return await self._threads.run(lambda: call(self._application, environ))
        except Busy:
            return await asyncio.to_thread(refusals.give_back, environ, refusals.BUSY)
        finally:
            body.close()

    async def _wait_for(self, act: asyncio.Task[Answer]) -> Answer | None:
        """Its answer; `None` when it takes long while the database is away."""
        begun = time.monotonic()
        patience = ANSWER_WITHIN
        while True:
            done, _ = await asyncio.wait({act}, timeout=patience)
            if done:
                return act.result()
            patience = GLANCE
            if self.freshness.is_away or time.monotonic() - begun > GIVE_UP_AFTER:
                return None

    async def _refuse(
        self,
        send: Send,
        asker: Asker,
        answer: Answer,
        receive: Receive | None = None,
    ) -> None:
        await send_answer(send, asker, answer)
        if receive is not None:
            await bodies.linger(receive)


def asker_of(scope: Scope) -> Asker:
    asker = Asker(scope["method"], scope["scheme"], b"")
    forwarded = b""
    for name, value in scope["headers"]:
        if name == b"host":
            asker.host = value
        elif name == b"accept-encoding":
            asker.codings = asker.codings + b"," + value if asker.codings else value
        elif name == b"if-none-match":
            asker.known = value
        elif name == b"accept":
            asker.accept = value
        elif name == b"x-forwarded-proto":
            forwarded = value
    if forwarded:
        address = (scope.get("client") or ("",))[0]
        asker.scheme = proxies.scheme_for(
            str(address), forwarded.decode("latin-1"), asker.scheme
        )
    return asker


def absolute(asker: Asker, target: bytes) -> bytes:
    """The path of `http://host/path`; its host counts, not the header's (RFC 9112)."""
    _, found, rest = target.partition(b"://")
    authority, slash, path = rest.partition(b"/")
    asker.host = authority if found else b""
    return slash + path or b"/" if found else b""


def framing(headers: Headers) -> tuple[int, bool]:
    """The announced length, and whether it comes in chunks instead."""
    length, is_chunked = 0, False
    for name, value in headers:
        if name == b"content-length":
            length = int(value)
        elif name == b"transfer-encoding":
            is_chunked = True
    return length, is_chunked


def given_up(scope: Scope, asker: Asker, body: bodies.Body) -> Answer:
    """503, with what was typed, for an act of which nobody knows how it ends."""
    copy = body.copy()
    if copy is None:
        return refusals.refusal(503, refusals.AWAY, accept=asker.accept, retry_after=10)
    return refusals.give_back(environ_of(scope, copy, body.length), refusals.AWAY)


def not_to_keep(answer: Answer) -> Answer:
    """What is not there now may be there in a moment: caches keep 404 unless told."""
    if any(name == b"cache-control" for name, _ in answer.headers):
        return answer
    control = (b"cache-control", b"no-cache")
    return Answer(answer.status, [*answer.headers, control], answer.body)


def alive() -> Answer:
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(ALIVE)).encode()),
        (b"cache-control", b"no-store"),
    ]
    return Answer(200, headers, ALIVE)


async def send_answer(send: Send, asker: Asker, answer: Answer) -> None:
    has_body = asker.wants_body and answer.status not in {204, 304}
    await send(start(answer.status, answer.headers))
    await send(content(answer.body) if has_body else EMPTY)
