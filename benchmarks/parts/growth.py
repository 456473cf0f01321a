"""Article and home with a thousand posts beside many more: `--populate N`."""

from __future__ import annotations

import contextlib
import time
from collections import defaultdict
from dataclasses import dataclass

from benchmarks import inside, servers, site
from benchmarks.figures import Figure, Run, compare
from benchmarks.load import warm, wrk

FEW = 1_000
UNCACHED = ("-k", "sync", "config.wsgi:application")
PAGES = ("article", "home")


@dataclass(frozen=True)
class Filled:
    """A blog with so many posts and as many comments."""

    posts: int
    seconds: float
    gigabytes: float
    addresses: dict[tuple[str, str], str]


def measure(run: Run) -> list[Figure]:
    if not run.populate:
        return []
    rates: dict[tuple[int, str, str], list[float]] = defaultdict(list)
    with contextlib.ExitStack() as stack:
        both = [fill(stack, run, posts) for posts in (FEW, run.populate)]
        for blog in both:
            warm(*blog.addresses.values())
        for _ in range(run.rounds):
            for blog in both:
                for (page, state), address in blog.addresses.items():
                    rates[blog.posts, page, state].append(
                        wrk(address, run.seconds).rate
                    )
    many = both[-1]
    return [
        Figure(
            f"`populate` with {many.posts:,} posts and as many comments",
            f"{many.seconds:.0f} s",
            f"{many.gigabytes:.1f} GB",
            value=many.seconds,
            most=300,
            unit="s",
        ),
        *(
            compare(
                f"Time of {page} with {many.posts:,} posts, {state}",
                # The more requests a second, the less time for each.
                rates[FEW, page, state],
                rates[many.posts, page, state],
                f"with {FEW:,} posts",
                most=1.2,
            )
            for page, state in many.addresses
        ),
    ]


def fill(stack: contextlib.ExitStack, run: Run, posts: int) -> Filled:
    blog = stack.enter_context(site.blog(run))
    began = time.monotonic()
    count = str(posts)
    site.manage(blog.data, "populate", "--posts", count, "--comments", count)
    seconds = time.monotonic() - began
    uncached = stack.enter_context(servers.django(blog.data, *UNCACHED))
    (article,) = inside.ask(blog.data, "benchmarks.rows", "synthetic_paths", 1)
    size = inside.ask(blog.data, "benchmarks.rows", "database_bytes")
    addresses = {
        (page, state): f"{url}{path}"
        for page, path in zip(PAGES, (article[1:], ""), strict=True)
        for state, url in (("from memory", blog.url), ("made anew", uncached.url))
    }
    return Filled(posts, seconds, size / 1_000_000_000, addresses)
