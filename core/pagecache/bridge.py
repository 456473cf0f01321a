"""From the event loop to Django: a WSGI application in a bounded pool of threads."""

from __future__ import annotations

import asyncio
import io
import logging
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from core.pagecache.pages import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import IO

    from core.pagecache.pages import Headers, Key

    type Environ = dict[str, Any]
    type Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
    type Scope = dict[str, Any]

logger = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds that a request waits for a thread."""
TURNS = 2
QUICK = 0.03
"""Seconds at work after which it is no longer its turn."""
UNPREFIXED = {"CONTENT_TYPE", "CONTENT_LENGTH"}


class Busy(Exception):
    """Neither a turn nor a thread came in time."""


class Threads:
    """`count` threads; who cannot begin waits two seconds at most.

    Two begin at once. The next begins when one of them has ended, or was at work for
    long and so probably waits for something: more would only take the interpreter's
    lock from each other, and all end later than in turn.
    """

    def __init__(self, count: int) -> None:
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="django")
        self._free = asyncio.Semaphore(count)
        self._turns = asyncio.Semaphore(TURNS)
        self._loop = asyncio.get_running_loop()

    async def run[T](self, work: Callable[[], T], *, patience: float = PATIENCE) -> T:
        """The result of `work`. Raises `Busy` when it could not begin.

        Who is cancelled while waiting does not stop the thread, and its place is free
        only when the thread has really ended.
        """
        try:
            async with asyncio.timeout(patience):
                await self._begin()
        except TimeoutError as error:
            raise Busy from error
        turn = Turn(self._turns)
        asked: asyncio.Future[T] = self._loop.create_future()
        try:
            self._pool.submit(self._work, work, asked, turn)
        except BaseException:
            turn.end()
            self._free.release()
            raise
        turn.ends_after(self._loop, QUICK)
        return await asked

    async def _begin(self) -> None:
        await self._turns.acquire()
        try:
            await self._free.acquire()
        except BaseException:
            self._turns.release()
            raise

    def _work[T](
        self, work: Callable[[], T], asked: asyncio.Future[T], turn: Turn
    ) -> None:
        """In the thread. The loop hears once of all that is over."""
        tell: Callable[[], None]
        try:
            tell = partial(asked.set_result, work())
        except BaseException as error:
            tell = partial(asked.set_exception, error)
        # A loop that is closed has nobody left who waits.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._leave, asked, turn, tell)

    def _leave(
        self, asked: asyncio.Future[Any], turn: Turn, tell: Callable[[], None]
    ) -> None:
        turn.end()
        self._free.release()
        if not asked.cancelled():
            tell()

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


class Turn:
    """Ends once, however often it is told to."""

    def __init__(self, turns: asyncio.Semaphore) -> None:
        self._turns = turns
        self._timer: asyncio.TimerHandle | None = None
        self._is_over = False

    def ends_after(self, loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        self._timer = loop.call_later(seconds, self.end)

    def end(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if not self._is_over:
            self._is_over = True
            self._turns.release()


def call(application: Application, environ: Environ) -> Answer:
    """What the application answers, read whole; it is closed whatever happens."""
    said: list[Any] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], exc_info: object = None
    ) -> Callable[[bytes], None]:
        said[:] = [int(status[:3]), encoded(headers)]
        return lambda data: None

    chunks = application(environ, start_response)
    try:
        body = b"".join(chunks)
    finally:
        if hasattr(chunks, "close"):
            chunks.close()
    return Answer(said[0], said[1], body)


def encoded(headers: list[tuple[str, str]]) -> Headers:
    return [
        (name.lower().encode("latin-1"), value.encode("latin-1"))
        for name, value in headers
    ]


def environ_of(scope: Scope, body: IO[bytes], length: int) -> Environ:
    """The WSGI environment of a request that has arrived whole."""
    host, port = scope.get("server") or ("", "")
    environ = common(scope["method"], scope["scheme"], body)
    environ |= {
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": str(host) or "localhost",
        "SERVER_PORT": str(port or ""),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": str((scope.get("client") or ("",))[0]),
    }
    for name, value in scope["headers"]:
        add_header(environ, name.decode("latin-1"), value.decode("latin-1"))
    environ["CONTENT_LENGTH"] = str(length) if length else ""
    return environ


def add_header(environ: Environ, name: str, value: str) -> None:
    # `x_forwarded_for` would pass for `x-forwarded-for`.
    if "_" in name:
        return
    variable = name.upper().replace("-", "_")
    if variable not in UNPREFIXED:
        variable = f"HTTP_{variable}"
    if variable in environ:
        separator = "; " if variable == "HTTP_COOKIE" else ","
        value = f"{environ[variable]}{separator}{value}"
    environ[variable] = value


def environ_for(key: Key) -> Environ:
    """A request for a public page, made from its key: it knows nothing of an asker."""
    environ = common("GET", key.scheme, io.BytesIO())
    return environ | {
        "PATH_INFO": key.path.encode().decode("latin-1"),
        "QUERY_STRING": key.query,
        "SERVER_NAME": key.host,
        "SERVER_PORT": "443" if key.scheme == "https" else "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "",
        "HTTP_HOST": key.host,
    }


def common(method: str, scheme: str, body: IO[bytes]) -> Environ:
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
