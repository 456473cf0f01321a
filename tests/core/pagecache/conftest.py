from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import Future
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connection

from core.pagecache.front import Front

MEGABYTE = 1024 * 1024

type Connection = psycopg.Connection[tuple[object, ...]]


@dataclass(frozen=True)
class Said:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def cache(self) -> str:
        return self.headers.get("cache-status", "").removeprefix("byline; ")


class Site:
    """The front and the whole blog behind it, in this process, without sockets."""

    def __init__(self, front: type[Front] = Front, **options: Any) -> None:
        settings = {"room": 8 * MEGABYTE, "threads": 4} | options
        self.front = front(get_wsgi_application(), **settings)
        self.loop = asyncio.new_event_loop()
        self._stack = AsyncExitStack()
        self._thread = threading.Thread(target=self.loop.run_forever)

    def start(self) -> None:
        self._thread.start()
        self.run(self._stack.enter_async_context(self.front.running()))
        assert self.look()

    def stop(self) -> None:
        self.run(self._stack.aclose())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()

    def run[T](self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def look(self) -> bool:
        """Have it read what changed, as it does by itself once a second."""
        # One that was under way may have begun before what is to be seen.
        self.run(self.front.freshness.look())
        return self.run(self.front.freshness.look())

    def get(
        self, path: str, headers: Mapping[str, str] | None = None, method: str = "GET"
    ) -> Said:
        return self.run(ask(self.front, method, path, headers or {}))

    def begin(self, path: str) -> Future[Said]:
        """Ask, and do not wait for the answer."""
        work = ask(self.front, "GET", path, {})
        return asyncio.run_coroutine_threadsafe(work, self.loop)


async def ask(
    front: Front, method: str, target: str, headers: Mapping[str, str]
) -> Said:
    path, _, query = target.partition("?")
    given = {"host": "localhost"} | {k.lower(): v for k, v in headers.items()}
    scope = {
        "type": "http",
        "method": method,
        "scheme": "http",
        "http_version": "1.1",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 1),
        "headers": [(k.encode(), v.encode()) for k, v in given.items()],
    }
    said: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    await front(scope, receive, send)
    got = {name.decode(): value.decode() for name, value in said[0]["headers"]}
    body = b"".join(message.get("body", b"") for message in said[1:])
    return Said(said[0]["status"], got, body)


@pytest.fixture
def site(transactional_db: None) -> Iterator[Site]:
    site = Site()
    site.start()
    yield site
    site.stop()


@pytest.fixture
def connect() -> Iterator[Callable[[], Connection]]:
    """More sessions on the same database, as other processes have them."""
    opened: list[Connection] = []

    def connect() -> Connection:
        params = connection.get_connection_params()
        wanted = ("host", "port", "dbname", "user", "password")
        opened.append(
            psycopg.connect(**{k: params[k] for k in wanted if params.get(k)})
        )
        return opened[-1]

    yield connect
    for one in opened:
        one.close()
