"""How what can be done about a comment is set in groups on its own page."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from comments.models import Comment
from tests.conftest import Member, signed_in
from tests.factories import make_author, make_comment, make_owner, make_post, make_user

pytestmark = pytest.mark.django_db

GROUP = re.compile(
    r'(?:<h2 class="option-group__title"[^>]*>([^<]+)</h2>\s*)?<ul class="options"'
    r".*?</ul>",
    re.DOTALL,
)
LINK = re.compile(r'<a class="button[^>]*>(.*?)</a>', re.DOTALL)
TAG = re.compile(r"<[^>]+>")


def groups(client: Client, comment: Comment) -> list[tuple[str, list[str]]]:
    page = client.get(f"/comments/{comment.public_id}/options/").text
    return [
        (
            found[1] or "",
            [TAG.sub("", link).strip() for link in LINK.findall(found[0])],
        )
        for found in GROUP.finditer(page)
    ]


def test_moderator_finds_what_takes_away_apart_and_last() -> None:
    assert groups(signed_in(make_owner()), make_comment()) == [
        ("", ["See it in the conversation", "Reply", "🚩 Report"]),
        ("Moderate it", ["Its history at the desk"]),
        ("The conversation around it", ["Lock the thread", "Close the comments"]),
        ("Take it away", ["Remove"]),
    ]


def test_author_of_the_article_hides_and_closes() -> None:
    author = make_author()
    comment = make_comment(make_post(author=author))

    assert groups(signed_in(author), comment) == [
        ("", ["See it in the conversation", "Reply", "🚩 Report"]),
        ("Moderate it", ["Hide"]),
        ("The conversation around it", ["Close the comments"]),
    ]


def test_writer_finds_deleting_last() -> None:
    writer = make_user()

    assert groups(signed_in(writer), make_comment(author=writer)) == [
        ("", ["See it in the conversation", "Reply", "Edit"]),
        ("Take it away", ["Delete"]),
    ]


def test_readers_get_one_group_without_headings(member_client: Member) -> None:
    assert groups(member_client, make_comment()) == [
        ("", ["See it in the conversation", "Reply", "🚩 Report"])
    ]
