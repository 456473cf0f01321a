"""Where a comment is: on the article, on a page of the conversation, in its thread."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, TypedDict
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models.functions import Cast
from django.urls import reverse

from comments.models import Comment
from core.statements import Given, Statement

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from blog.models import Post
    from comments.querysets import CommentQuerySet

THREADS_ON_ARTICLE = 20
THREADS_ON_PAGE = 50
REPLIES_ON_ARTICLE = 3
REPLIES_ON_PAGE = 5
REPLIES_ON_THREAD_PAGE = 100
THREADS_LOOKED_AT = 4 * THREADS_ON_PAGE
"""A thread further down is shown alone: to count more would take ever longer."""


class Neighbors(TypedDict):
    """What stands before a comment, or around it; never more than a page is long."""

    threads_before: list[int]
    first_replies: list[int]
    branch: list[str]


def address_of(comment: Comment) -> str:
    """The address that shows it, with the fragment that leads to it.

    One query, which costs about as much in a long conversation as in a short one.
    Needs `post`; for a reply `thread` too.
    """
    return page_of(comment, look_around(comment)) + anchor(comment)


def look_around(comment: Comment) -> Neighbors:
    start = comment.thread or comment
    given = {
        "post": comment.post_id,
        "start": start.pk,
        "created_at": start.created_at,
    }
    if comment.thread is None:
        before = threads_before.all(**given)
        return {"threads_before": before, "first_replies": [], "branch": []}
    beginning = (comment.ancestors[1:] or [comment.pk])[0]
    (found,) = neighbors.all(pk=comment.pk, branch=[start.pk, beginning], **given)
    return found


def worded_threads_before() -> QuerySet[Comment, int]:
    threads = Comment.objects.filter(post=Given("post")).starting_threads()
    before = threads.shown_starts().before(Given("created_at"), Given("start"))
    return before.oldest_first().values_list("pk", flat=True)[:THREADS_LOOKED_AT]


def worded_neighbors() -> QuerySet[Comment, Neighbors]:
    in_thread = Comment.objects.filter(thread=Given("start")).shown_replies()
    replies = in_thread.in_thread_order()
    # PostgreSQL takes a list of small numbers for one of another type.
    path = Comment._meta.get_field("ancestors")
    branch = replies.filter(path__gte=Cast(Given("branch"), path))
    return Comment.objects.filter(pk=Given("pk")).values(
        threads_before=ArraySubquery(worded_threads_before()),
        first_replies=ArraySubquery(replies.values("pk")[:REPLIES_ON_THREAD_PAGE]),
        branch=ArraySubquery(branch.values("public_id")[:REPLIES_ON_THREAD_PAGE]),
    )


# Where a thread begins the rest of it does not matter, and planning that takes long.
threads_before = Statement(worded_threads_before)
neighbors = Statement(worded_neighbors)


def page_of(comment: Comment, around: Neighbors) -> str:
    post, start = comment.post, comment.thread or comment
    threads_before, replies = len(around["threads_before"]), around["first_replies"]

    def is_start_or_among(first: int) -> bool:
        return comment.thread is None or comment.pk in replies[:first]

    if threads_before < THREADS_ON_ARTICLE and is_start_or_among(REPLIES_ON_ARTICLE):
        return post.get_absolute_url()
    if threads_before < THREADS_LOOKED_AT and is_start_or_among(REPLIES_ON_PAGE):
        return list_address(post, page=threads_before // THREADS_ON_PAGE + 1)
    if is_start_or_among(REPLIES_ON_THREAD_PAGE):
        return list_address(post, thread=start.public_id)
    is_near = comment.public_id in around["branch"]
    at = around["branch"][0] if is_near else comment.public_id
    return list_address(post, thread=start.public_id, at=at)


def list_address(
    post: Post,
    *,
    thread: str = "",
    at: str = "",
    side: str = "",
    sort: str = "",
    page: int | None = 1,
) -> str:
    url = reverse("comments:comment_list", args=[post.slug])
    query = {
        "thread": thread,
        "at": at,
        "side": side,
        "sort": "" if sort == "oldest" else sort,
        "page": "" if page == 1 else page,
    }
    given = {name: value for name, value in query.items() if value}
    return f"{url}?{urlencode(given)}" if given else url


@cache
def prefix_and_suffix() -> tuple[str, str]:
    public_id = "a" * 10
    before, _, after = reverse("comments:comment_detail", args=[public_id]).partition(
        public_id
    )
    return before, after


def url_of(comment: Comment) -> str:
    """Its permalink: resolving a name for each of many comments takes long."""
    before, after = prefix_and_suffix()
    return f"{before}{comment.public_id}{after}"


def anchor(comment: Comment) -> str:
    return f"#comment-{comment.public_id}"


def threads_of(post: Post) -> CommentQuerySet:
    return Comment.objects.on_post(post).starting_threads().shown_starts()


def replies_of(start: Comment) -> CommentQuerySet:
    return Comment.objects.filter(thread=start).shown_replies()
