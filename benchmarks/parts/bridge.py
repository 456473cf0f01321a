"""Django behind the page cache's pool of threads beside Django under gthread."""

from __future__ import annotations

import contextlib
import statistics
from collections import defaultdict

from benchmarks import answers, servers, site
from benchmarks.figures import Figure, Run, compare
from benchmarks.load import PLAIN, warm, wrk

THREADED = ("-k", "gthread", "--threads", "8", "config.wsgi:application")
VIEW = "A Django view that does nothing, through the pool"
ME = "`/me/` for a stranger, through the pool"


def measure(run: Run) -> list[Figure]:
    rates: dict[tuple[str, str], list[float]] = defaultdict(list)
    with contextlib.ExitStack() as stack:
        blog = stack.enter_context(site.blog(run))
        kept = answers.fetch(blog.article, PLAIN).save(run.folder / "answer")
        bridged, threaded, django = (
            stack.enter_context(servers.django(blog.data, *options, view=view))
            for options, view in (((), kept), (THREADED, kept), (THREADED, None))
        )
        addresses = {
            (VIEW, "pool"): bridged.url,
            (VIEW, "gthread"): threaded.url,
            (ME, "pool"): f"{blog.url}me/",
            (ME, "gthread"): f"{django.url}me/",
        }
        warm(*addresses.values())
        for _ in range(run.rounds):
            for key, address in addresses.items():
                rates[key].append(wrk(address, run.seconds).rate)
    return [
        row(VIEW, rates[VIEW, "pool"], rates[VIEW, "gthread"], least=1.1),
        row(ME, rates[ME, "pool"], rates[ME, "gthread"]),
    ]


def row(
    name: str, pool: list[float], threads: list[float], least: float | None = None
) -> Figure:
    usual = statistics.median(threads)
    beside = f"the same under gthread: {usual:,.0f} a second"
    return compare(name, pool, threads, beside, least=least)
