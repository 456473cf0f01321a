"""Strings that break things, as posts, comments, names and titles, there and back."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils.html import escape

from accounts.models import User
from blog import services as blog
from blog.models import Post
from comments import services as comments
from comments.models import Comment
from core.invisible import BIDI_CONTROLS, shows_something
from core.markup import MarkupRefused
from tests import corpora
from tests.factories import make_post, make_user

pytestmark = pytest.mark.django_db

TITLE_LENGTH = 200
NAME_LENGTH = 60


def can_be_stored(text: str) -> bool:
    try:
        return "\0" not in text.encode().decode()
    except UnicodeEncodeError:
        return False


def strings() -> list[str]:
    texts = list(corpora.load("naughty/blns.json"))
    texts += [case["value"] for case in corpora.load("naughty/unicode-and-names.json")]
    return [text for text in dict.fromkeys(texts) if text.strip()]


def is_plain(text: str) -> bool:
    """Whether the site takes it as a title or a name: see `core.invisible`."""
    return shows_something(text) and not any(sign in text for sign in BIDI_CONTROLS)


def storable() -> list[str]:
    return [text for text in strings() if can_be_stored(text)]


def test_titles_and_bodies_come_back_as_they_were(client: Client) -> None:
    author = make_user()
    posts = [
        blog.save_post(
            Post(
                title=text[:TITLE_LENGTH] if is_plain(text) else "Plain",
                body=text,
                published_at=author.joined_at,
            ),
            editor=author,
        )
        for text in storable()
    ]

    stored = Post.objects.in_bulk([post.pk for post in posts])
    pages = "".join(
        client.get("/", {"page": number}).content.decode()
        for number in range(1, -(-len(posts) // 20) + 1)
    )

    assert len(posts) > 500
    for post in posts:
        assert stored[post.pk].body == post.body
        assert stored[post.pk].title == post.title
        assert escape(post.title) in pages
    for post in posts[::20]:
        assert client.get(post.get_absolute_url()).status_code == 200


def test_comments_and_names_come_back_as_they_were(client: Client) -> None:
    post = make_post(slug="naughty")
    names = {}
    for number, text in enumerate(storable()):
        name = text[:NAME_LENGTH] if is_plain(text) else "Plain"
        user = make_user(display_name=name)
        names[user.pk] = name
        try:
            comments.submit_comment(
                post=post, author=user, body=text, key=f"naughty-{number}"
            )
        except MarkupRefused:
            continue  # Nothing of it would be seen.

    said = list(Comment.objects.filter(post=post).select_related("author"))
    pages = "".join(
        client.get("/posts/naughty/comments/", {"page": number}).content.decode()
        for number in range(1, -(-len(said) // 50) + 1)
    )

    assert len(said) > 450
    assert {comment.body for comment in said} <= set(storable())
    assert {
        user.pk: user.display_name for user in User.objects.filter(pk__in=names)
    } == (names)
    for comment in said:
        assert comment.body_html in pages
        assert escape(comment.author_name) in pages


def test_what_cannot_be_stored_is_refused_with_a_sentence() -> None:
    post = make_post()
    texts = [text for text in strings() if not can_be_stored(text)] + ["a\0b", "\ud800"]
    for number, text in enumerate(texts):
        with pytest.raises(MarkupRefused):
            comments.submit_comment(
                post=post, author=make_user(), body=text, key=f"refused-{number}"
            )


def test_there_are_as_many_as_the_catalog_says() -> None:
    assert len(strings()) > 600
