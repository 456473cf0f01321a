"""Hits while one client has long comments rendered, one after the other."""

from __future__ import annotations

import asyncio
import itertools

from benchmarks import people, site, texts
from benchmarks.figures import Figure, Run, compare, percentile, spread
from benchmarks.load import warm, wrk

LENGTH = 20_000


def measure(run: Run) -> list[Figure]:
    with site.blog(run) as blog:
        warm(blog.article)
        return asyncio.run(measure_hits(run, blog))


async def measure_hits(run: Run, blog: site.Site) -> list[Figure]:
    article = blog.article
    calm, busy = [], []
    with people.joined(blog.data, article, people.ENOUGH) as members:
        act = people.Previewing(itertools.cycle(members), texts.article()[:LENGTH])
        for _ in range(run.rounds):
            calm.append(wrk(article, run.seconds))
            busy.append(await people.beside(act, lambda: wrk(article, run.seconds)))
    slow = [load.milliseconds_99 for load in busy]
    usual = percentile([load.milliseconds_99 for load in calm], 0.5)
    name = f"While one client posts previews of {LENGTH:,} characters"
    return [
        compare(
            name,
            [load.rate for load in busy],
            [load.rate for load in calm],
            f"undisturbed; {act.count} previews",
            least=0.4,
        ),
        Figure(
            "The same: 99th percentile",
            f"{spread(slow, digits=1)} ms",
            f"undisturbed: {usual:.1f} ms",
            value=percentile(slow, 0.5),
            most=60,
            unit="ms",
        ),
    ]
