"""What a conversation costs does not depend on how long it is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from blog.models import Post
from comments import synthetic
from comments.models import Comment

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db

SHAPES = [
    pytest.param(0.4, id="threads-of-replies"),
    pytest.param(0, id="one-thread"),
    pytest.param(1, id="only-threads"),
]
FEW, MANY = 50, 10_000


def populate(comments: int, starts: float, *, posts: int = 1) -> Post:
    first, *_ = synthetic.populate(
        posts, comments, starts=starts, progress=lambda done, what: None
    )
    return Post.objects.get(pk=first)


def statements(client: Client, path: str) -> list[str]:
    # The kinds of reactions, the site and the like are asked for once a process.
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code in {200, 302}
    return [query["sql"] for query in queries.captured_queries]


def plans_of(found: list[str]) -> Iterator[dict[str, Any]]:
    for sql in found:
        if sql.startswith("SELECT"):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}")
                (plan,) = cursor.fetchone()
            yield (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]


def steps_of(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", []):
        yield from steps_of(part)


def scans_of(found: list[str]) -> list[str]:
    """What reads all comments there are to find some."""
    return [
        step["Node Type"]
        for plan in plans_of(found)
        for step in steps_of(plan)
        if step.get("Relation Name") == "comments_comment"
        and step["Node Type"] == "Seq Scan"
    ]


def blocks_of(found: list[str]) -> int:
    return sum(
        plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
        for plan in plans_of(found)
    )


def pages_of(post: Post) -> dict[str, str]:
    late = Comment.objects.filter(post=post).oldest_first()[
        Comment.objects.filter(post=post).count() * 9 // 10
    ]
    start = Comment.objects.filter(post=post, thread=None).oldest_first()[0]
    conversation = f"{post.get_absolute_url()}comments/"
    return {
        "article": post.get_absolute_url(),
        "conversation": conversation,
        "newest": f"{conversation}?sort=newest",
        "top": f"{conversation}?sort=top",
        "thread": f"{conversation}?thread={start.public_id}",
        "permalink": late.get_absolute_url(),
    }


@pytest.mark.parametrize("starts", SHAPES)
def test_ten_thousand_comments_cost_what_fifty_do(
    client: Client, starts: float
) -> None:
    few, many = populate(FEW, starts), populate(MANY, starts)
    # What is quickest depends on what else there is.
    populate(2_000, 0.4, posts=20)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    few_pages, many_pages = pages_of(few), pages_of(many)

    for name, path in many_pages.items():
        with_few = statements(client, few_pages[name])
        with_many = statements(client, path)

        assert (name, scans_of(with_many)) == (name, [])
        assert (name, len(with_many)) == (name, len(with_few))
        # More is shown of the longer one, until its page is full.
        assert blocks_of(with_many) < 2 * blocks_of(with_few) + 300, name
