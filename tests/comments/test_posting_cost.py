"""What a comment costs: each statement makes those wait who write to the same post."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments.forms import make_opened
from comments.models import Comment
from tests.factories import make_comment, make_post

if TYPE_CHECKING:
    from django.test import Client

    from blog.models import Post

pytestmark = pytest.mark.django_db(transaction=True)

POST = "/posts/talk/comments/new/"


@pytest.fixture
def post() -> Post:
    return make_post(slug="talk")


def statements(client: Client, **fields: str) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        answer = client.post(POST, {"body": "Well said.", **fields})
    assert answer.status_code == 303
    return [query["sql"] for query in queries.captured_queries]


def locked_part(found: list[str]) -> list[str]:
    """From the lock on the post to the end of the transaction."""
    first = next(n for n, sql in enumerate(found) if "FOR NO KEY UPDATE" in sql)
    return found[first : found.index("COMMIT") + 1]


def test_member_waits_for_few_statements(member_client: Client, post: Post) -> None:
    found = statements(member_client)

    assert len(found) <= 16
    assert len(locked_part(found)) <= 7
    assert not [sql for sql in found if "SAVEPOINT" in sql]


def test_reply_costs_two_more(member_client: Client, post: Post) -> None:
    start = make_comment(post)

    found = statements(member_client, parent=start.public_id)

    assert Comment.objects.get(parent=start).thread == start
    assert len(found) <= 18
    assert len(locked_part(found)) <= 8


def test_all_limits_of_a_guest_are_one_statement(client: Client, post: Post) -> None:
    client.get(POST)
    guest = {"name": "Gast", "email": "gast@example.org"}

    found = statements(client, **guest, opened=make_opened(time.time() - 60))

    limits = [sql for sql in found if "core_limitwindow" in sql]
    assert len([sql for sql in limits if "comment-" in sql]) == 1
    assert limits[0].count("INSERT INTO") == 4
