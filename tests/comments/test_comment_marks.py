"""What one comment says of itself on the public page."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from blog.models import Post
from comments import moderation
from comments.models import Comment, CommentRevision, Guest, Question, Side
from tests.factories import make_comment, make_moderator, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def post() -> Post:
    return make_post(slug="talk")


def page_of(client: Client) -> str:
    return client.get("/posts/talk/").text


def by_guest(comment: Comment, name: str) -> Comment:
    guest = Guest.objects.create(visitor=uuid4(), email=f"{uuid4()}@example.org")
    Comment.objects.filter(pk=comment.pk).update(
        author=None, guest=guest, guest_name=name
    )
    return Comment.objects.get(pk=comment.pk)


def test_guest_has_a_name_a_label_and_no_address(client: Client, post: Post) -> None:
    guest = by_guest(make_comment(post), "Grace <Hopper>")

    page = page_of(client)

    assert '<span class="p-name">Grace &lt;Hopper&gt;</span>' in page
    assert '<span class="comment__guest">guest</span>' in page
    assert 'aria-hidden="true">G</span>' in page
    assert guest.guest
    assert guest.guest.email not in page


def test_reply_says_which_guest_it_answers(client: Client, post: Post) -> None:
    reply = make_comment(parent=by_guest(make_comment(post), "Grace"))
    deep = by_guest(make_comment(parent=reply), "Linus")
    make_comment(parent=deep)

    page = page_of(client)

    assert "in reply to Grace</data>" in page
    assert "in reply to Linus</data>" in page


def test_comment_names_the_side_it_takes(client: Client, post: Post) -> None:
    question = Question.objects.create(post=post, text="Tabs or spaces?")
    side = Side.objects.create(
        question=question, slug="tabs", label="Tabs", color="teal"
    )
    Comment.objects.filter(pk=make_comment(post).pk).update(side=side)

    page = page_of(client)

    assert '<span class="comment__side side side--teal">' in page
    assert "takes the side: </span>Tabs</span>" in page


def test_edited_leads_to_a_history_only_where_it_is_public(
    client: Client, post: Post
) -> None:
    comment = make_comment(post)
    Comment.objects.filter(pk=comment.pk).update(edited_at=timezone.now())
    CommentRevision.objects.create(comment=comment, body="What it said before")

    plain = page_of(client)
    CommentRevision.objects.update(is_public=True)
    public = page_of(client)

    url = f'href="/comments/{comment.public_id}/history/"'
    assert '<span class="comment__edited">edited</span>' in plain
    assert url not in plain
    assert url in public


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": "deleted"}, "was deleted by its author"),
        ({"state": "removed"}, "was removed by a moderator"),
        ({"state": "spam"}, "was removed by a moderator"),
        ({"state": "pending", "waits_for": "reports"}, "waits for a moderator"),
    ],
)
@pytest.mark.parametrize("is_guest", [False, True])
def test_tombstone_says_who_took_it_away(
    client: Client, post: Post, fields: dict[str, str], words: str, *, is_guest: bool
) -> None:
    start = make_comment(post, body="Words that go")
    make_comment(parent=start)
    if is_guest:
        by_guest(start, "Grace")
    Comment.objects.filter(pk=start.pk).update(**fields)

    page = page_of(client)

    assert words in page
    assert "Words that go" not in page
    assert "Grace" not in page


def test_tombstone_says_that_an_author_of_the_article_hid_it(
    client: Client, post: Post
) -> None:
    start = make_comment(post)
    make_comment(parent=start)
    author = post.bylines.get().user

    moderation.hide_comment(start, by=author)
    hidden = page_of(client)
    moderation.remove_comment(start, by=make_moderator())
    removed = page_of(client)

    assert "was hidden by an author of the article" in hidden
    assert "by a moderator" not in hidden
    assert "was removed by a moderator" in removed
    assert "by an author" not in removed


def test_locked_thread_says_so_and_takes_no_replies(client: Client, post: Post) -> None:
    start = make_comment(post)
    reply = make_comment(parent=start)
    other = make_comment(post)
    Comment.objects.filter(pk=start.pk).update(locked_at=timezone.now())

    page = page_of(client)

    assert page.count("Thread locked") == 1
    assert f"?parent={start.public_id}" not in page
    assert f"?parent={reply.public_id}" not in page
    assert f"?parent={other.public_id}" in page


def test_locked_thread_says_so_where_its_start_is_gone(
    client: Client, post: Post
) -> None:
    start = make_comment(post)
    make_comment(parent=start)
    moderation.remove_comment(start)
    Comment.objects.filter(pk=start.pk).update(locked_at=timezone.now())

    assert "Thread locked" in page_of(client)
