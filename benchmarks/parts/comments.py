"""Hits while comments arrive on that article, and how fast comments themselves are."""

from __future__ import annotations

import asyncio
import itertools
import statistics
import time
from uuid import uuid4

from benchmarks import answers, inside, people, servers, site
from benchmarks.figures import (
    Figure,
    Run,
    Unmeasurable,
    compare,
    percentile,
    ratios,
    spread,
)
from benchmarks.load import warm, wrk

CLIENTS = 32
EACH = 10
"""A member may write twelve in a minute: every round has members of its own."""


def measure(run: Run) -> list[Figure]:
    with site.blog(run) as blog:
        warm(blog.article)
        kept = answers.fetch_hit(blog.article).save(run.folder / "answer")
        with servers.bare("sync", kept) as bare:
            hits = asyncio.run(measure_hits(run, blog, bare.url))
    with site.blog(run) as blog:
        return [*hits, *asyncio.run(measure_posting(run, blog))]


async def measure_hits(run: Run, blog: site.Site, bare: str) -> list[Figure]:
    article = blog.article
    calm, busy, simple = [], [], []
    with people.joined(blog.data, article, people.ENOUGH) as members:
        act = people.Commenting(itertools.cycle(members))
        for _ in range(run.rounds):
            simple.append(wrk(bare, run.seconds).rate)
            calm.append(wrk(article, run.seconds).rate)
            load = await people.beside(act, lambda: wrk(article, run.seconds))
            busy.append(load.rate)
    slow = percentile(act.milliseconds, 0.99)
    said = f"{len(act.milliseconds)} comments, 99 % in {slow:.0f} ms"
    name = "While ten comments a second arrive on that article"
    return [
        compare(name, busy, simple, f"bare WSGI, sync worker; {said}", least=2.0),
        compare("The same", busy, calm, "undisturbed"),
        Figure(
            "a hit, ten comments a second",
            "",
            times_bare=statistics.median(ratios(busy, simple)),
        ),
    ]


async def measure_posting(run: Run, blog: site.Site) -> list[Figure]:
    mark = f"Posted {uuid4().hex}"
    milliseconds: list[float] = []
    many, one = [], []
    for n in range(run.rounds):
        with people.joined(blog.data, blog.article, CLIENTS + 1) as members:
            for member in members:
                await member.open_form()
            alone = await post(members[:1], f"{mark} alone {n}")
            together = await post(members[1:], f"{mark} together {n}")
        one.append(rate(alone))
        many.append(rate(together))
        milliseconds += together[0]
    expected = run.rounds * (CLIENTS + 1) * EACH
    stored = inside.ask(blog.data, "benchmarks.rows", "copies_of_comments", mark)
    times = statistics.median(ratios(many, one))
    return [
        exactness(expected, stored),
        Figure(
            f"Posting a comment, {CLIENTS} clients: 99th percentile",
            f"{percentile(milliseconds, 0.99):.0f} ms",
            f"median {statistics.median(milliseconds):.0f} ms",
            value=percentile(milliseconds, 0.99),
            most=250,
            unit="ms",
        ),
        Figure(
            "The same: comments a second",
            spread(many, digits=0),
            f"one client: {statistics.median(one):.0f}; {times:.2f} × that",
        ),
    ]


async def post(members: list[people.Person], mark: str) -> tuple[list[float], float]:
    """Everybody `EACH`, one after the other: milliseconds of each, seconds of all."""

    async def write(person: people.Person, name: int) -> list[float]:
        return [await person.comment(f"{mark} {name} {n}.") for n in range(EACH)]

    began = time.perf_counter()
    taken = await asyncio.gather(*(write(m, n) for n, m in enumerate(members)))
    return list(itertools.chain(*taken)), time.perf_counter() - began


def rate(posted: tuple[list[float], float]) -> float:
    milliseconds, seconds = posted
    return len(milliseconds) / seconds


def exactness(expected: int, stored: dict[str, int]) -> Figure:
    """Raises when one is lost or there twice: then no speed counts."""
    lost, twice = expected - len(stored), sum(n > 1 for n in stored.values())
    text = f"{lost} lost, {twice} twice"
    if lost or twice:
        raise Unmeasurable(f"Of {expected} acknowledged comments: {text}")
    return Figure(
        f"Posting comments, {CLIENTS} clients: all there, once", text, f"of {expected}"
    )
