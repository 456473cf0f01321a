"""What two web processes hold after so many distinct pages."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from benchmarks import inside, processes, site
from benchmarks.client import Client
from benchmarks.figures import Figure, Run, Unmeasurable

READERS = 16
SETTING = 32
"""Megabytes for pages in each process: `BYLINE_PAGE_CACHE_MB` as it comes."""


def measure(run: Run) -> list[Figure]:
    with site.blog(run) as blog:
        posts = str(run.pages)
        site.manage(blog.data, "populate", "--posts", posts, "--comments", posts)
        paths = inside.ask(blog.data, "benchmarks.rows", "synthetic_paths", run.pages)
        workers = blog.workers()
        before = processes.megabytes(workers)
        sent = asyncio.run(read(blog.url, paths)) / 1_000_000
        after = processes.megabytes(workers)
    name = f"Memory of two web processes after {len(paths):,} distinct pages"
    beside = (
        f"before: {before:.0f} MB; the pages are {sent:.0f} MB of HTML, "
        f"the setting allows {SETTING} MB in each process"
    )
    return [
        Figure(name, f"{after:.0f} MB", beside, value=after, most=250, unit="MB"),
    ]


async def read(url: str, paths: list[str]) -> int:
    """Ask for each once; the bytes that came."""
    waiting = iter(paths)
    sizes = await asyncio.gather(
        *(read_some(Client(url), waiting) for _ in range(READERS))
    )
    return sum(sizes)


async def read_some(client: Client, paths: Iterator[str]) -> int:
    size = 0
    for path in paths:
        reply = await client.get(path)
        if reply.status != 200:
            raise Unmeasurable(f"{path} answered {reply.status}")
        size += len(reply.body)
    client.close()
    return size
