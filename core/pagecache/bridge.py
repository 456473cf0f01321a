"""From the event loop to Django: a WSGI application in a bounded pool of threads."""

from __future__ import annotations

import asyncio
import io
import logging
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from core.pagecache.pages import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from concurrent.futures import Future
    from typing import IO

    from core.pagecache.pages import Headers, Key

    type Environ = dict[str, Any]
    type Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
    type Scope = dict[str, Any]

logger = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds that a request waits for a thread."""
UNPREFIXED = {"CONTENT_TYPE", "CONTENT_LENGTH"}


class Busy(Exception):
    """No thread became free in time."""


class Threads:
    """`count` threads; who comes when all are at work waits two seconds at most."""

    def __init__(self, count: int) -> None:
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="django")
        self._free = asyncio.Semaphore(count)
        self._loop = asyncio.get_running_loop()

    async def run[T](self, work: Callable[[], T], *, patience: float = PATIENCE) -> T:
        """The result of `work`. Raises `Busy` when it could not begin.

        Who is cancelled while waiting does not stop the thread, and its place is free
        only when the thread has really ended.
        """
        try:
            async with asyncio.timeout(patience):
                await self._free.acquire()
        except TimeoutError as error:
            raise Busy from error
        try:
            future = self._pool.submit(work)
        except BaseException:
            self._free.release()
            raise
        future.add_done_callback(self._leave)
        return await asyncio.wrap_future(future)

    def _leave(self, future: Future[Any]) -> None:
        # A loop that is closed has nobody left who waits.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._free.release)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


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
