"""Members who comment and preview at the addresses that a browser uses."""

from __future__ import annotations

import asyncio
import itertools
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from benchmarks import inside
from benchmarks.client import Client, Reply
from benchmarks.figures import Unmeasurable

TRIES = 10
PAUSE = 1.0
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="(\w+)"')
ENOUGH = 60
"""Members in turn who, at 12 comments and 30 previews a minute each, can go on at ten
comments or thirty previews a second."""


@dataclass
class Person:
    client: Client
    article: str
    token: str = ""

    @property
    def form(self) -> str:
        return f"{urlsplit(self.article).path}comments/new/"

    async def open_form(self) -> None:
        """Fetch the form, for its token."""
        reply = await self.client.get(self.form)
        found = TOKEN.search(reply.body)
        if found is None:
            raise Unmeasurable(f"{self.form} answered {reply.status}")
        self.token = found[1].decode()

    async def comment(self, body: str) -> float:
        """Post it; the milliseconds until it was acknowledged.

        Where the blog is too busy it is sent again, as the same: it has the same key.
        """
        key = uuid4().hex
        began = time.perf_counter()
        reply = await self._post(self.form, body=body, key=key)
        for _ in range(TRIES):
            if reply.status != 503:
                break
            await asyncio.sleep(PAUSE)
            reply = await self._post(self.form, body=body, key=key)
        if reply.status not in {302, 303}:
            raise Unmeasurable(f"A comment was answered {reply.status}")
        return (time.perf_counter() - began) * 1000

    async def act(self, place: str, **fields: str) -> None:
        """Send what the private page beside the article is sent."""
        reply = await self._post(f"{urlsplit(self.article).path}{place}/", **fields)
        if reply.status not in {302, 303}:
            raise Unmeasurable(f"{place} was answered {reply.status}")

    async def preview(self, body: str) -> None:
        reply = await self._post("/comments/preview/", body=body)
        if reply.status != 200:
            raise Unmeasurable(f"A preview was answered {reply.status}")

    async def _post(self, path: str, **fields: str) -> Reply:
        if not self.token:
            await self.open_form()
        return await self.client.post(
            path, {"csrfmiddlewaretoken": self.token, **fields}
        )


@contextmanager
def joined(data: Path, article: str, count: int) -> Iterator[list[Person]]:
    """So many new members of the blog that runs on `data`; they leave at the end."""
    where = urlsplit(article)
    url = f"{where.scheme}://{where.netloc}/"
    sessions = inside.ask(data, "benchmarks.rows", "members", count)
    people = [Person(Client(url, cookies), article) for cookies in sessions]
    try:
        yield people
    finally:
        for person in people:
            person.client.close()


@dataclass
class Commenting:
    """Comments at a steady rate until told to end, by `ENOUGH` people in turn."""

    people: Iterator[Person]
    rate: float = 10.0
    milliseconds: list[float] = field(default_factory=list)

    async def __call__(self, over: asyncio.Event) -> None:
        began = time.monotonic()
        posting = []
        for n in itertools.count():
            if await is_over(over, began + n / self.rate - time.monotonic()):
                break
            body = f"A comment by somebody, the {uuid4().hex}."
            posting.append(asyncio.create_task(next(self.people).comment(body)))
        self.milliseconds += await asyncio.gather(*posting)


@dataclass
class Previewing:
    """One preview after the other until told to end."""

    people: Iterator[Person]
    text: str
    count: int = 0

    async def __call__(self, over: asyncio.Event) -> None:
        while not over.is_set():
            await next(self.people).preview(self.text)
            self.count += 1


async def is_over(over: asyncio.Event, seconds: float) -> bool:
    """Wait so long, or until the end."""
    try:
        async with asyncio.timeout(max(0.0, seconds)):
            return await over.wait()
    except TimeoutError:
        return False


async def beside[T](
    act: Callable[[asyncio.Event], Awaitable[None]], measure: Callable[[], T]
) -> T:
    """What `measure` finds while somebody acts; the first second is not measured."""
    over = asyncio.Event()
    acting = asyncio.ensure_future(act(over))
    await asyncio.wait({acting}, timeout=1.0)
    try:
        return await asyncio.to_thread(measure)
    finally:
        over.set()
        await acting
