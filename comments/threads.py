"""Threads as a page shows them: who began, and what was answered, set in by levels."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from comments.models import Comment
from comments.places import (
    REPLIES_ON_ARTICLE,
    REPLIES_ON_PAGE,
    REPLIES_ON_THREAD_PAGE,
    THREADS_ON_ARTICLE,
    THREADS_ON_PAGE,
    list_address,
    replies_of,
    threads_of,
    url_of,
)
from core.pagination import NoSuchPage, paginate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from blog.models import Post
    from comments.querysets import CommentQuerySet


@dataclass(frozen=True, slots=True)
class Shown:
    """A comment, with what depends on the page that it stands on.

    `is_under_parent`: what it answers is plain to see, since it is set in right there.
    """

    comment: Comment
    level: int = 0
    is_under_parent: bool = False
    is_locked: bool = False

    @property
    def url(self) -> str:
        return url_of(self.comment)

    @property
    def parent_url(self) -> str:
        return url_of(self.comment.parent) if self.comment.parent else ""

    @property
    def answered_url(self) -> str:
        """Where it leads to what it answers; empty where one sees it, or it is gone."""
        parent = self.comment.parent
        if parent is None or self.is_under_parent or not parent.is_visible:
            return ""
        return url_of(parent)


@dataclass(frozen=True)
class Thread:
    start: Shown
    replies: list[Shown]
    more_url: str

    @property
    def summary(self) -> str:
        n = len(self.replies)
        noun = "reply" if n == 1 else "replies"
        return f"More than {n} {noun}" if self.more_url else f"{n} {noun}"


@dataclass(frozen=True)
class ThreadPage:
    """Some threads, and where the ones before and after them are."""

    threads: list[Thread]
    number: int
    previous_url: str
    next_url: str
    thread_id: str = ""


def load_first(post: Post) -> ThreadPage:
    """The threads that stand under the article. At most two queries."""
    starts = starts_of(post, REPLIES_ON_ARTICLE).oldest_first()
    found = list(starts[: THREADS_ON_ARTICLE + 1])
    threads = with_replies(post, found[:THREADS_ON_ARTICLE], REPLIES_ON_ARTICLE)
    has_more = len(found) > THREADS_ON_ARTICLE
    return ThreadPage(threads, 1, "", list_address(post) if has_more else "")


def load_page(post: Post, sort: str, number: str) -> ThreadPage:
    """A page of the whole conversation. Two queries. Raises `NoSuchPage`."""
    starts = starts_of(post, REPLIES_ON_PAGE)
    starts = starts.newest_first() if sort == "newest" else starts.oldest_first()
    page = paginate(starts, number, THREADS_ON_PAGE)
    before, after = (
        list_address(post, sort=sort, page=n) if n else ""
        for n in (page.previous_number, page.next_number)
    )
    threads = with_replies(post, page.items, REPLIES_ON_PAGE)
    return ThreadPage(threads, page.number, before, after)


def load_thread(post: Post, public_id: str, number: str) -> ThreadPage:
    """One thread alone, however long. Raises `Comment.DoesNotExist`, `NoSuchPage`."""
    if "\0" in public_id:
        raise NoSuchPage(public_id)
    start = threads_of(post).for_page().get(public_id=public_id)
    replies = replies_of(start).for_page().oldest_first()
    page = paginate(replies, number, REPLIES_ON_THREAD_PAGE)
    before, after = (
        list_address(post, thread=public_id, page=n) if n else ""
        for n in (page.previous_number, page.next_number)
    )
    thread = Thread(first(start), set_in(start, page.items), "")
    return ThreadPage([thread], page.number, before, after, public_id)


def starts_of(post: Post, per_thread: int) -> CommentQuerySet:
    """The starts, with one reply more than is shown: it tells that there are more."""
    return threads_of(post).for_page().with_first_replies(per_thread + 1)


def with_replies(
    post: Post, starts: Sequence[Comment], per_thread: int
) -> list[Thread]:
    """The threads of `starts`, which know their `reply_pks`. At most one query."""
    known: dict[int, list[int]] = {
        # Annotated: the model does not know it.
        start.pk: start.reply_pks  # type: ignore[attr-defined]
        for start in starts
    }
    shown = chain.from_iterable(pks[:per_thread] for pks in known.values())
    replies = Comment.objects.for_page().in_bulk(list(shown))
    return [
        Thread(
            first(start),
            set_in(
                start,
                [replies[pk] for pk in known[start.pk][:per_thread] if pk in replies],
            ),
            list_address(post, thread=start.public_id)
            if len(known[start.pk]) > per_thread
            else "",
        )
        for start in starts
    ]


def first(start: Comment) -> Shown:
    return Shown(start, is_locked=start.locked_at is not None)


def set_in(start: Comment, replies: Sequence[Comment]) -> list[Shown]:
    """The replies, each a level deeper than the one it is set in under.

    What belongs under something that is not among them stands flat.
    """
    is_locked = start.locked_at is not None
    levels = {start.pk: 0}
    shown = []
    for reply in replies:
        above = reply.ancestors[-1]
        level = levels[reply.pk] = levels.get(above, 0) + 1
        is_under_parent = above in levels and above == reply.parent_id
        shown.append(Shown(reply, level, is_under_parent, is_locked))
    return shown
