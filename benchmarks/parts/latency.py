"""How long a hit takes while requests come at half of the rate that is possible."""

from __future__ import annotations

import statistics

from benchmarks import answers, servers, site
from benchmarks.figures import Figure, Run, compare, percentile
from benchmarks.load import warm, wrk
from benchmarks.steady import latencies


def measure(run: Run) -> list[Figure]:
    hits, bare, rates = [], [], []
    with site.blog(run) as blog:
        article = blog.article
        warm(article)
        kept = answers.fetch_hit(article).save(run.folder / "answer")
        with servers.bare("asgi", kept) as server:
            warm(server.url)
            for _ in range(run.rounds):
                rate = wrk(article, run.seconds).rate / 2
                hits.append(percentile(latencies(article, rate, run.seconds), 0.99))
                bare.append(percentile(latencies(server.url, rate, run.seconds), 0.99))
                rates.append(rate)
    beside = f"bare ASGI, same worker and rate: {statistics.median(bare):.2f} ms"
    rate = statistics.median(rates)
    name = f"99th percentile at half of the maximal rate ({rate:,.0f} a second)"
    return [compare(name, hits, bare, beside, most=3.0)]
