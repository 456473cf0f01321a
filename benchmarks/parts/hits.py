"""An article from memory beside applications that do nothing else, and nginx."""

from __future__ import annotations

import contextlib
import statistics
from collections import defaultdict

from benchmarks import answers, inside, servers, site
from benchmarks.figures import Figure, Run, compare, ratios
from benchmarks.load import CODINGS, PLAIN, warm, wrk

HIT, PLAIN_HIT = "a hit", "a hit, not compressed"
MEMBER = "a hit with a session's cookie"
SYNC, ASGI = "bare WSGI, sync worker", "bare ASGI, same worker"
NGINX, PLAIN_NGINX = "nginx, a file", "nginx, a file, not compressed"


def measure(run: Run) -> list[Figure]:
    rates: dict[str, list[float]] = defaultdict(list)
    with contextlib.ExitStack() as stack:
        blog = stack.enter_context(site.blog(run))
        article = blog.article
        (cookies,) = inside.ask(blog.data, "benchmarks.rows", "members", 1)
        cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        warm(article)
        warm(article, coding=PLAIN)
        answer = answers.fetch_hit(article)
        kept = answer.save(run.folder / "answer")
        addresses = {HIT: article, PLAIN_HIT: article, MEMBER: article}
        for name, kind in ((SYNC, "sync"), (ASGI, "asgi")):
            addresses[name] = stack.enter_context(servers.bare(kind, kept)).url
        plain = answers.fetch_hit(article, PLAIN)
        with contextlib.suppress(servers.NotInstalled):
            addresses[NGINX] = stack.enter_context(servers.nginx(answer)).url
            addresses[PLAIN_NGINX] = stack.enter_context(servers.nginx(plain)).url
        warm(*addresses.values())
        for _ in range(run.rounds):
            for name, address in addresses.items():
                load = wrk(
                    address,
                    run.seconds,
                    coding=PLAIN if name in {PLAIN_HIT, PLAIN_NGINX} else CODINGS,
                    cookie=cookie if name == MEMBER else "",
                )
                rates[name].append(load.rate)
    return report(rates)


def report(rates: dict[str, list[float]]) -> list[Figure]:
    rows = [
        ("Article, anonymous, warm", HIT, SYNC, 2.5),
        ("The same", HIT, ASGI, 0.8),
        ("The same", HIT, NGINX, 0.3),
        ("The same, not compressed", PLAIN_HIT, PLAIN_NGINX, 0.3),
        ("With a session's cookie sent", MEMBER, HIT, 0.95),
    ]
    return [
        row(name, other, rates[measured], rates.get(other), least)
        for name, measured, other, least in rows
    ] + [bar(name, rates[name], rates[SYNC]) for name in rates]


def row(
    name: str,
    other: str,
    measured: list[float],
    baseline: list[float] | None,
    least: float,
) -> Figure:
    if baseline is None:
        return Figure(name, "not measured", f"{other}: not installed", least=least)
    beside = f"{other}: {statistics.median(baseline):,.0f} a second"
    return compare(name, measured, baseline, beside, least=least)


def bar(name: str, rates: list[float], bare: list[float]) -> Figure:
    """One that stands in the chart alone."""
    return Figure(name, "", times_bare=statistics.median(ratios(rates, bare)))
