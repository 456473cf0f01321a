"""Many who take sides and react at once: what is counted is what there is."""

from __future__ import annotations

import asyncio
import time
from urllib.parse import urlsplit

from benchmarks import inside, people, site
from benchmarks.figures import Figure, Run, Unmeasurable, percentile, spread

CLIENTS = 32
SIDES = ["pytorch", "tensorflow", ""]
"""What each takes in turn; an empty one takes the vote back."""
EACH = 2 * len(SIDES)


def measure(run: Run) -> list[Figure]:
    with site.blog(run) as blog:
        return asyncio.run(measure_votes(run, blog))


async def measure_votes(run: Run, blog: site.Site) -> list[Figure]:
    milliseconds: list[float] = []
    rates = []
    expected = counted(blog)["votes"]
    for _ in range(run.rounds):
        with people.joined(blog.data, blog.article, CLIENTS) as members:
            for member in members:
                await member.open_form()
            began = time.perf_counter()
            taken = await asyncio.gather(*(act(m, n) for n, m in enumerate(members)))
            rates.append(2 * EACH * CLIENTS / (time.perf_counter() - began))
        milliseconds += [time for times in taken for time in times]
        for n in range(CLIENTS):
            if side := last(n):
                expected[side] += 1
    return [
        exactness(expected, counted(blog)),
        Figure(
            "The same: votes and reactions a second",
            spread(rates, digits=0),
            f"99 % of votes in {percentile(milliseconds, 0.99):.0f} ms",
        ),
    ]


async def act(person: people.Person, n: int) -> list[float]:
    """Change the side, and give and take back a reaction, `EACH` times."""
    milliseconds = []
    for step in range(EACH):
        began = time.perf_counter()
        await person.act("side", side=SIDES[(n + step) % len(SIDES)])
        milliseconds.append((time.perf_counter() - began) * 1000)
        await person.act("reactions", kind="love", state="on" if step % 2 else "off")
    return milliseconds


def last(n: int) -> str:
    return SIDES[(n + EACH - 1) % len(SIDES)]


def counted(blog: site.Site) -> dict[str, dict[str, int]]:
    slug = urlsplit(blog.article).path.split("/")[2]
    found: dict[str, dict[str, int]]
    found = inside.ask(blog.data, "benchmarks.rows", "votes_and_reactions", slug)
    return found


def exactness(expected: dict[str, int], found: dict[str, dict[str, int]]) -> Figure:
    """Raises where a total is not that of the rows, or a vote was lost."""
    votes, reactions = found["votes"], found["reactions"]
    if not (expected == votes == found["shown_votes"]):
        raise Unmeasurable(f"Votes: {expected} acknowledged, {found}")
    if reactions != found["shown_reactions"]:
        raise Unmeasurable(f"Reactions: {found}")
    return Figure(
        f"Votes and reactions, {CLIENTS} clients: exact",
        "0 off",
        f"{sum(votes.values())} votes, {sum(reactions.values())} reactions in the end",
    )
