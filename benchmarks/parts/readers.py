"""Hits while a thousand readers are idle and two hundred are slow."""

from __future__ import annotations

from benchmarks import site
from benchmarks.crowd import crowd
from benchmarks.figures import Figure, Run, compare
from benchmarks.load import warm, wrk

IDLE = 1_000
SLOW = 200


def measure(run: Run) -> list[Figure]:
    calm, busy = [], []
    with site.blog(run) as blog:
        article = blog.article
        warm(article)
        for _ in range(run.rounds):
            calm.append(wrk(article, run.seconds).rate)
            with crowd(article, idle=IDLE, slow=SLOW):
                busy.append(wrk(article, run.seconds).rate)
    name = f"With {IDLE:,} idle connections and {SLOW} slow readers open"
    return [compare(name, busy, calm, "undisturbed", least=0.8)]
