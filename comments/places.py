"""Where a comment is: on the article, on a page of the conversation, in its thread."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from comments.models import Comment

if TYPE_CHECKING:
    from blog.models import Post
    from comments.querysets import CommentQuerySet

THREADS_ON_ARTICLE = 20
THREADS_ON_PAGE = 50
REPLIES_ON_ARTICLE = 3
REPLIES_ON_PAGE = 10
REPLIES_ON_THREAD_PAGE = 100


def address_of(comment: Comment) -> str:
    """The address that shows it, with the fragment that leads to it. Two queries.

    Needs `post`; for a reply `thread` too.
    """
    start = comment.thread or comment
    place = threads_of(comment.post).before(start).count()
    reply_place = replies_of(start).before(comment).count() if comment.thread else 0
    return page_address(comment.post, start, place, reply_place) + anchor(comment)


def page_address(post: Post, start: Comment, place: int, reply_place: int) -> str:
    if place < THREADS_ON_ARTICLE and reply_place < REPLIES_ON_ARTICLE:
        return post.get_absolute_url()
    if reply_place < REPLIES_ON_PAGE:
        return list_address(post, page=place // THREADS_ON_PAGE + 1)
    page = reply_place // REPLIES_ON_THREAD_PAGE + 1
    return list_address(post, thread=start.public_id, page=page)


def list_address(
    post: Post, *, thread: str = "", sort: str = "", page: int | None = 1
) -> str:
    url = reverse("comments:comment_list", args=[post.slug])
    query = {
        "thread": thread,
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
