"""Processor time of the web processes for pages that nobody has made before."""

from __future__ import annotations

import contextlib
import statistics
from collections import defaultdict
from urllib.parse import urlsplit

from benchmarks import answers, inside, processes, servers, site
from benchmarks.figures import Figure, Run, ratios, spread
from benchmarks.load import PLAIN, warm, wrk

ARTICLE = "Article with the cache off: server time"
ME = "`/me/` for a signed-in reader: server time"
VIEW = "a view that does nothing"
UNCACHED = ("-k", "sync", "config.wsgi:application")


def measure(run: Run) -> list[Figure]:
    taken: dict[str, list[float]] = defaultdict(list)
    with contextlib.ExitStack() as stack:
        blog = stack.enter_context(site.blog(run))
        article = blog.article
        path = urlsplit(article).path
        kept = answers.fetch(article, PLAIN).save(run.folder / "answer")
        (cookies,) = inside.ask(blog.data, "benchmarks.rows", "members", 1)
        cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        alone = stack.enter_context(servers.django(blog.data, *UNCACHED))
        view = stack.enter_context(servers.django(blog.data, view=kept))
        slug = path.strip("/").rpartition("/")[2]
        asked = {
            ARTICLE: (f"{alone.url}{path[1:]}", alone.workers(), ""),
            ME: (f"{blog.url}me/?post={slug}", blog.workers(), cookie),
            VIEW: (view.url, view.workers(), ""),
        }
        warm(*(address for address, _, _ in asked.values()))
        for _ in range(run.rounds):
            for name, request in asked.items():
                taken[name].append(milliseconds(*request, seconds=run.seconds))
    return [row(ARTICLE, taken, most=12), row(ME, taken, most=10)]


def milliseconds(
    address: str, workers: list[int], cookie: str, *, seconds: int
) -> float:
    """Of processor time for each request; few are under way at the end, uncounted."""
    before = processes.processor_seconds(workers)
    load = wrk(address, seconds, cookie=cookie, connections=site.WORKERS)
    return (processes.processor_seconds(workers) - before) * 1000 / load.requests


def row(name: str, taken: dict[str, list[float]], *, most: float) -> Figure:
    measured, view = taken[name], taken[VIEW]
    times = statistics.median(ratios(measured, view))
    beside = f"{VIEW}: {statistics.median(view):.2f} ms; {times:.0f} × that"
    return Figure(
        name,
        f"{spread(measured, digits=1)} ms",
        beside,
        value=statistics.median(measured),
        most=most,
        unit="ms",
    )
