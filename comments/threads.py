"""Threads as a page shows them: who began, and what was answered, set in by levels."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from django.db.models import F

from comments import worded
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
    from collections.abc import Iterable, Sequence

    from blog.models import Post
    from comments.models import Side
    from comments.querysets import CommentQuerySet
    from core.pagination import Page


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
    replies: list[Shown] = field(default_factory=list)
    more_url: str = ""
    has_earlier: bool = False
    has_later: bool = False

    @property
    def summary(self) -> str:
        n = len(self.replies)
        noun = "reply" if n == 1 else "replies"
        if self.has_earlier:
            return f"{n} more {noun}"
        return f"The first {n} {noun}" if self.has_later else f"{n} {noun}"


@dataclass(frozen=True)
class ThreadPage:
    """Some threads, and where the ones before and after them are."""

    threads: list[Thread]
    previous_url: str = ""
    next_url: str = ""
    number: int | None = None
    thread_id: str = ""


def load_first(post: Post) -> ThreadPage:
    """The threads that stand under the article. At most two queries."""
    found = worded.first_starts.all(post=post.pk)
    threads = with_replies(post, found[:THREADS_ON_ARTICLE], REPLIES_ON_ARTICLE)
    has_more = len(found) > THREADS_ON_ARTICLE
    return ThreadPage(threads, next_url=list_address(post) if has_more else "")


def load_page(post: Post, sort: str, number: str) -> ThreadPage:
    """A page of the whole conversation. At most three queries. Raises `NoSuchPage`."""
    page = paginate(threads_of(post).keys_in_order(sort), number, THREADS_ON_PAGE)
    pks = [key.pk for key in page.items]
    starts = in_order(pks, worded.starts.all(pks=pks))
    threads = with_replies(post, starts, REPLIES_ON_PAGE)
    before, after = addresses_around(page, partial(list_address, post, sort=sort))
    return ThreadPage(threads, before, after, page.number)


def load_side(post: Post, side: Side, sort: str, number: str) -> ThreadPage:
    """What was said on one side, flat. Two queries. Raises `NoSuchPage`."""
    said = Comment.objects.filter(side=side).on_post(post).visible()
    page = paginate(said.keys_in_order(sort), number, THREADS_ON_PAGE)
    rows = Comment.objects.for_page().annotate(closed_at=F("thread__locked_at"))
    pks = [key.pk for key in page.items]
    threads = [
        # Annotated: the model does not know it.
        Thread(Shown(row, is_locked=bool(row.locked_at or row.closed_at)))  # type: ignore[attr-defined]
        for row in in_order(pks, rows.filter(pk__in=pks))
    ]
    address = partial(list_address, post, side=side.slug, sort=sort)
    return ThreadPage(threads, *addresses_around(page, address), page.number)


def load_thread(post: Post, public_id: str, at: str) -> ThreadPage:
    """One thread alone, however long, from the beginning or from the reply `at` on.

    Two queries, or four from the middle of it: as many rows as are shown, wherever that
    is. Raises `Comment.DoesNotExist`, `NoSuchPage`.
    """
    if "\0" in public_id + at:
        raise NoSuchPage(public_id)
    start = threads_of(post).for_page().get(public_id=public_id)
    address = partial(list_address, post, thread=public_id)
    replies = replies_of(start)
    before = ""
    if at:
        path = Comment.objects.filter(thread=start).get(public_id=at).path
        before = address_before(replies.filter(path__lt=path), address)
        replies = replies.filter(path__gte=path)
    found = list(replies.for_page().in_thread_order()[: REPLIES_ON_THREAD_PAGE + 1])
    shown, rest = found[:REPLIES_ON_THREAD_PAGE], found[REPLIES_ON_THREAD_PAGE:]
    after = address(at=rest[0].public_id) if rest else ""
    thread = Thread(
        first(start),
        set_in(start, shown),
        has_earlier=bool(before),
        has_later=bool(after),
    )
    return ThreadPage([thread], before, after, thread_id=public_id)


def address_before(replies: CommentQuerySet, address: partial[str]) -> str:
    """The page that ends with the last of `replies`; empty where there are none."""
    nearest = replies.order_by("-path").values_list("public_id", flat=True)
    found = list(nearest[: REPLIES_ON_THREAD_PAGE + 1])
    if len(found) > REPLIES_ON_THREAD_PAGE:
        return address(at=found[REPLIES_ON_THREAD_PAGE - 1])
    return address() if found else ""


def addresses_around(page: Page[Comment], address: partial[str]) -> tuple[str, str]:
    before, after = page.previous_number, page.next_number
    return (
        address(page=before) if before else "",
        address(page=after) if after else "",
    )


def in_order(pks: Iterable[int], rows: Iterable[Comment]) -> list[Comment]:
    """The rows in the order of these keys; what is gone meanwhile is left out."""
    found = {row.pk: row for row in rows}
    return [found[pk] for pk in pks if pk in found]


def with_replies(
    post: Post, starts: Sequence[Comment], per_thread: int
) -> list[Thread]:
    """The threads of `starts`, which know their `reply_pks`. At most one query."""
    known: dict[int, list[int]] = {
        # Annotated: the model does not know it.
        start.pk: start.reply_pks  # type: ignore[attr-defined]
        for start in starts
    }
    wanted = list(chain.from_iterable(pks[:per_thread] for pks in known.values()))
    rows = worded.replies.all(pks=wanted) if wanted else []
    replies = {row.pk: row for row in rows}

    def thread(start: Comment) -> Thread:
        pks = known[start.pk]
        shown = [replies[pk] for pk in pks[:per_thread] if pk in replies]
        has_more = len(pks) > per_thread
        more_url = list_address(post, thread=start.public_id) if has_more else ""
        return Thread(first(start), set_in(start, shown), more_url, has_later=has_more)

    return [thread(start) for start in starts]


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
