from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from accounts.models import User
from blog.models import Post, PostSlug, PostStats
from comments import synthetic
from comments.models import LEVELS, Comment
from tests.factories import make_comment, make_post

pytestmark = pytest.mark.django_db


def populate(posts: int, comments: int) -> None:
    call_command("populate", posts=posts, comments=comments)


def test_rows_are_those_that_services_write(client: Client) -> None:
    populate(7, 12)

    assert Post.objects.listed().count() == PostSlug.objects.count() == 7
    assert Comment.objects.visible().count() == 12
    counts = PostStats.objects.values_list("comment_count", flat=True)
    assert sorted(counts) == [1, 1, 2, 2, 2, 2, 2]
    post = Post.objects.newest_first()[0]
    page = client.get(f"/posts/{post.slug}/").content.decode()
    assert post.title in page
    assert 'class="comment-count"' in page
    assert client.get("/tags/web/").status_code == 200


def test_replies_stand_where_services_would_set_them() -> None:
    populate(2, 120)

    replies = Comment.objects.filter(thread__isnull=False).select_related("parent")
    assert 40 < len(replies) < 110
    for reply in replies:
        parent = reply.parent
        assert parent is not None
        assert reply.thread_id == (parent.thread_id or parent.pk)
        assert reply.ancestors == [*parent.ancestors, parent.pk][:LEVELS]
        assert reply.post_id == parent.post_id
        assert reply.created_at > parent.created_at
    assert {reply.level for reply in replies} == {1, 2, 3}


@pytest.mark.parametrize(("starts", "threads"), [(0, 1), (1, 30)])
def test_shape_is_as_wished(starts: float, threads: int) -> None:
    (pk,) = synthetic.populate(1, 30, starts=starts, progress=lambda done, what: None)

    comments = Comment.objects.filter(post=pk)
    assert comments.count() == 30
    assert comments.starting_threads().count() == threads


def test_comments_go_on_after_it() -> None:
    populate(1, 5)

    known = set(Comment.objects.values_list("pk", flat=True))

    assert make_comment(Post.objects.get()).pk > max(known)


def test_a_second_time_adds_more() -> None:
    populate(2, 2)

    populate(3, 0)

    assert Post.objects.count() == 5
    assert User.objects.filter(handle__startswith="synthetic_").count() == 20
    assert make_post(title="After all that").pk


def test_writers_cannot_sign_in() -> None:
    populate(1, 0)

    assert not User.objects.filter(handle="synthetic_0", is_active=True).exists()


@pytest.mark.parametrize(("posts", "comments"), [(0, 0), (1, -1)])
def test_impossible_numbers_are_refused(posts: int, comments: int) -> None:
    with pytest.raises(CommandError):
        populate(posts, comments)


def test_takes_longer_than_a_page_may() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '1ms'")

    populate(50, 100)

    assert Comment.objects.count() == 100
