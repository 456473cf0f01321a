"""What moderators look at: comments with all that a decision needs beside them.

A page costs the same number of queries however much is on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, OuterRef, Prefetch, Q, Value, When
from django.db.models.functions import Coalesce

from comments import services
from comments.models import Comment, ModerationEntry, Report
from comments.permissions import can_moderate
from core.pagination import paginate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from comments.querysets import CommentQuerySet
    from core.pagination import Page

PER_PAGE = 25
NEIGHBORS = 2

TABS = {"waiting": "Waiting", "spam": "Spam", "removed": "Removed"}
TABS_OF_AUTHORS = {"waiting": "Waiting", "removed": "Hidden"}
UNSEEN = ("post__body", "post__body_html", "post__toc")
STATE = Comment.State


@dataclass
class Writer:
    """What became of all that somebody wrote."""

    visible: int = 0
    taken_away: int = 0


@dataclass
class Item:
    comment: Comment
    writer: Writer
    before: list[Comment]
    after: list[Comment]
    next_id: str
    """What comes after it on the page, to go on with when it is decided."""

    @property
    def seen(self) -> str:
        """What an approval is of: the words that the page shows."""
        return services.fingerprint(self.comment.body)

    @property
    def reports(self) -> list[Report]:
        return self.comment.open_reports  # type: ignore[attr-defined, no-any-return]

    @property
    def last_decision(self) -> ModerationEntry | None:
        decisions: list[ModerationEntry] = self.comment.decisions  # type: ignore[attr-defined]
        return decisions[0] if decisions else None


def tabs_for(user: User) -> dict[str, str]:
    return TABS if can_moderate(user) else TABS_OF_AUTHORS


def visible_in_queue(user: User) -> CommentQuerySet:
    """What the asker may decide about: everything, or what is under their own posts."""
    comments = Comment.objects.filter(post__deleted_at=None)
    return comments if can_moderate(user) else comments.under_posts_of(user)


def number_waiting(user: User) -> int:
    return visible_in_queue(user).needing_a_look().count()


def in_tab(user: User, tab: str) -> CommentQuerySet:
    """Longest waiting first; what was taken away, newest first."""
    comments = visible_in_queue(user)
    if tab != "waiting":
        with_words = comments.filter(state=tab).exclude(body="")
        taken_away = with_words.order_by("-state_changed_at", "-pk")
        return taken_away if can_moderate(user) else taken_away.hidden_by_author()
    is_unhurried = Case(When(waits_for="address", then=Value(1)), default=Value(0))
    return comments.in_queue().order_by(is_unhurried, "created_at", "pk")


def page_of(user: User, tab: str, number: str) -> tuple[Page[Comment], list[Item]]:
    """One page of a tab, and what stands on it. Raises `core.pagination.NoSuchPage`."""
    page = paginate(with_all(in_tab(user, tab)), number, PER_PAGE)
    writers = writers_of(page.items)
    around = around_of(page.items)
    following = [comment.public_id for comment in page.items[1:]]
    items = [
        Item(
            comment,
            writers.get((comment.author_id, comment.guest_id)) or Writer(),
            next_id=next_id,
            before=[around[pk] for pk in reversed(comment.before_pks)],  # type: ignore[attr-defined]
            after=[around[pk] for pk in comment.after_pks],  # type: ignore[attr-defined]
        )
        for comment, next_id in zip(page.items, [*following, ""], strict=False)
    ]
    return page, items


def with_all(comments: CommentQuerySet) -> CommentQuerySet:
    reports = Report.objects.filter(resolved_at=None).select_related("reporter")
    decisions = ModerationEntry.objects.about_state().select_related("by")
    in_thread = Comment.objects.visible().filter(
        thread=Coalesce(OuterRef("thread"), OuterRef("pk"))
    )
    before = in_thread.filter(path__lt=OuterRef("path")).order_by("-path")
    after = in_thread.filter(path__gt=OuterRef("path")).order_by("path")
    return (
        comments.select_related("author", "guest", "post", "parent__author", "thread")
        .defer(*UNSEEN)
        .annotate(
            before_pks=ArraySubquery(
                before.exclude(pk=OuterRef("parent")).values("pk")[:NEIGHBORS]
            ),
            after_pks=ArraySubquery(after.values("pk")[:NEIGHBORS]),
        )
        .prefetch_related(
            Prefetch("reports", reports.order_by("pk"), to_attr="open_reports"),
            Prefetch("log", decisions, to_attr="decisions"),
        )
    )


def around_of(comments: Iterable[Comment]) -> dict[int, Comment]:
    """What stands before and after them in their threads, by its key. One query."""
    pks = [
        pk
        for comment in comments
        for pk in (*comment.before_pks, *comment.after_pks)  # type: ignore[attr-defined]
    ]
    found = Comment.objects.select_related("author").defer("body")
    return found.in_bulk(set(pks))


def writers_of(
    comments: Iterable[Comment],
) -> dict[tuple[int | None, int | None], Writer]:
    """By author and guest, of whom one is none. One query."""
    authors = {comment.author_id for comment in comments} - {None}
    guests = {comment.guest_id for comment in comments} - {None}
    written = (
        Comment.objects.filter(Q(author__in=authors) | Q(guest__in=guests))
        .values("author", "guest")
        .annotate(
            visible=Count("pk", filter=Q(state=STATE.VISIBLE)),
            taken_away=Count("pk", filter=Q(state__in=[STATE.REMOVED, STATE.SPAM])),
        )
        .order_by()
    )
    return {
        (row["author"], row["guest"]): Writer(row["visible"], row["taken_away"])
        for row in written
    }
