"""Conversations of many comments, for tests of their places."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from comments import services
from comments.models import Comment
from tests.factories import make_user

if TYPE_CHECKING:
    from blog.models import Post


def make_threads(post: Post, n: int, *, replies: int = 0) -> list[Comment]:
    """Many at once, a minute apart, past the service: only their places matter."""
    author = make_user()
    start = timezone.now() - timedelta(days=30)
    fields = {"post": post, "author": author, "body": "x", "body_html": "<p>x</p>"}
    threads = Comment.objects.bulk_create(
        Comment(**fields, key=f"t{i}", created_at=start + timedelta(minutes=i))
        for i in range(n)
    )
    Comment.objects.bulk_create(
        Comment(
            **fields,
            key=f"{thread.pk}-{i}",
            parent=thread,
            thread=thread,
            ancestors=[thread.pk],
            created_at=start + timedelta(days=1, minutes=i),
        )
        for thread in threads
        for i in range(replies)
    )
    services.recount_comments(post)
    return threads
