"""Closing and opening the comments in the form of a post, at the desk."""

from __future__ import annotations

import re
from typing import Any

import pytest

from blog.models import Post
from comments import moderation
from comments.models import ModerationEntry
from core.models import SiteSettings
from tests.conftest import Member
from tests.factories import make_moderator, make_post

pytestmark = pytest.mark.django_db

INITIAL = re.compile(r'name="initial-comment_policy" value="(\w+)"')


@pytest.fixture
def post(author_client: Member) -> Post:
    return make_post(author=author_client.user)


def open_form(desk: Member, post: Post) -> dict[str, Any]:
    """What a browser sends of the form as it stands now."""
    page = desk.get(address(post)).content.decode()
    opened_with = INITIAL.search(page)
    return {
        "title": post.title,
        "slug": post.slug,
        "body": post.body,
        "base_version": post.version,
        "language": "en",
        "comment_policy": post.comment_policy,
        "initial-comment_policy": opened_with[1] if opened_with else "",
        "listed": "on",
        "_save": "",
    }


def address(post: Post) -> str:
    return f"/admin/blog/post/{post.pk}/change/"


def policy_of(post: Post) -> str:
    return Post.objects.get(pk=post.pk).comment_policy


def log() -> list[tuple[str, int | None]]:
    entries = ModerationEntry.objects.order_by("pk")
    return [(entry.action, entry.by_id) for entry in entries]


class TestMeanwhile:
    def test_what_a_moderator_closed_stays_closed(
        self, author_client: Member, post: Post
    ) -> None:
        form = open_form(author_client, post)
        by = make_moderator()
        moderation.close_comments(post, by=by)

        author_client.post(address(post), form | {"body": "Other words."})

        assert Post.objects.get(pk=post.pk).body == "Other words."
        assert policy_of(post) == "closed"
        assert log() == [("close", by.pk)]

    def test_what_the_author_chose_is_done(
        self, author_client: Member, post: Post
    ) -> None:
        form = open_form(author_client, post)
        moderation.close_comments(post, by=make_moderator())

        author_client.post(address(post), form | {"comment_policy": "members"})

        assert policy_of(post) == "members"

    def test_form_that_was_refused_knows_it_still(
        self, author_client: Member, post: Post
    ) -> None:
        form = open_form(author_client, post)
        moderation.close_comments(post, by=make_moderator())

        refused = author_client.post(address(post), form | {"title": ""})

        assert INITIAL.findall(refused.content.decode()) == ["site"]


class TestLog:
    def test_closing_and_opening_are_in_it(
        self, author_client: Member, post: Post
    ) -> None:
        for policy in ("closed", "closed", "members", "site"):
            form = open_form(author_client, Post.objects.get(pk=post.pk))
            author_client.post(address(post), form | {"comment_policy": policy})

        by = author_client.user.pk
        assert policy_of(post) == "site"
        assert log() == [("close", by), ("open", by)]

    def test_what_stays_closed_by_the_site_is_not(
        self, author_client: Member, post: Post
    ) -> None:
        SiteSettings.objects.create(pk=1, comment_policy="closed")
        form = open_form(author_client, post)

        author_client.post(address(post), form | {"comment_policy": "closed"})

        assert policy_of(post) == "closed"
        assert log() == []

    def test_form_that_is_refused_leaves_no_entry(
        self, author_client: Member, post: Post
    ) -> None:
        form = open_form(author_client, post)
        make_post(slug="taken")

        author_client.post(
            address(post), form | {"comment_policy": "closed", "slug": "taken"}
        )

        assert policy_of(post) == "site"
        assert log() == []
