"""Article, conversation and permalink with 50 and with 10,000 comments.

Runs where Django is set up, on a blog that was served once:
`manage.py shell --no-imports -c "from benchmarks.conversation import show; show()"`.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from blog.models import Post
from comments import synthetic
from comments.models import Comment

FEW, MANY = 50, 10_000
ROUNDS = 30
SHAPES = {"threads of replies": 0.4, "one thread": 0.0, "only threads": 1.0}


@dataclass(frozen=True)
class Cost:
    queries: int
    milliseconds: float
    kilobytes: float


@dataclass(frozen=True)
class Row:
    """A page of a conversation of this shape: with few comments, and with many."""

    page: str
    shape: str
    few: Cost
    many: Cost

    @property
    def ratio(self) -> float:
        return self.many.milliseconds / self.few.milliseconds


def rows() -> list[dict[str, Any]]:
    """What `measure` finds, with the ratio of the times; ready for JSON."""
    return [asdict(row) | {"ratio": row.ratio} for row in measure()]


def measure() -> list[Row]:
    reader = Client(headers={"host": "127.0.0.1"})
    posts = fill()
    return [
        Row(page, shape, *together(reader, few[page], many[page]))
        for shape in SHAPES
        for few, many in [(pages(posts[shape, FEW]), pages(posts[shape, MANY]))]
        for page in few
    ]


def fill() -> dict[tuple[str, int], Post]:
    found = {}
    for shape, starts in SHAPES.items():
        for comments in (FEW, MANY):
            (pk,) = synthetic.populate(
                1, comments, starts=starts, progress=lambda done, what: None
            )
            found[shape, comments] = Post.objects.get(pk=pk)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return found


def pages(post: Post) -> dict[str, str]:
    """Their addresses; the permalink is that of a late comment."""
    comments = Comment.objects.filter(post=post).oldest_first()
    late = comments[comments.count() * 9 // 10]
    return {
        "article": post.get_absolute_url(),
        "conversation": f"{post.get_absolute_url()}comments/",
        "best first": f"{post.get_absolute_url()}comments/?sort=top",
        "permalink": late.get_absolute_url(),
    }


def together(reader: Client, few: str, many: str) -> tuple[Cost, Cost]:
    """By turns, so that what slows the machine slows both."""
    times: dict[str, list[float]] = {few: [], many: []}
    for _ in range(ROUNDS):
        for path, taken in times.items():
            began = time.perf_counter()
            reader.get(path)
            taken.append(time.perf_counter() - began)
    return cost(reader, few, times[few]), cost(reader, many, times[many])


def cost(reader: Client, path: str, times: list[float]) -> Cost:
    with CaptureQueriesContext(connection) as queries:
        answer = reader.get(path)
    if answer.status_code not in {200, 302}:
        raise SystemExit(f"{path} answered {answer.status_code}.")
    milliseconds = statistics.median(times) * 1000
    return Cost(len(queries), milliseconds, len(answer.content) / 1000)


def show() -> None:
    print(f"| Page | Conversation | {FEW} comments | {MANY:,} comments | Time |")
    print("|---|---|---|---|---|")
    for row in measure():
        few, many = (
            f"{one.queries} queries, {one.milliseconds:.1f} ms, {one.kilobytes:.0f} kB"
            for one in (row.few, row.many)
        )
        print(f"| {row.page} | {row.shape} | {few} | {many} | {row.ratio:.2f} × |")
