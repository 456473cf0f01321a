from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.lookups import IsNull

from blog.models import Post
from comments.permissions import can_moderate

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from comments.models import Comment, ModerationEntry  # noqa: F401
    from core.statements import Given

VISIBLE = "visible"
PENDING = "pending"
ORDERS = {
    "oldest": ("created_at", "pk"),
    "newest": ("-created_at", "-pk"),
    "top": ("-score", "created_at", "pk"),
}

AUTHOR = ("author__handle", "author__display_name", "author__avatar", "guest_name")
SIDE = ("side__slug", "side__label", "side__color")
SHOWN = (
    *("public_id", "post", "parent", "thread", "ancestors", "body_html", "state"),
    *("reaction_counts", "created_at", "edited_at", "locked_at", *AUTHOR, *SIDE),
)
ANSWERED = (
    *("parent__public_id", "parent__state"),
    *("parent__author__handle", "parent__guest_name"),
)


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible(self) -> Self:
        return self.filter(state=VISIBLE)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """What may be looked at on a private page; moderators see all."""
        return self if can_moderate(user) else self.visible()

    def on_post(self, post: Post) -> Self:
        return self.filter(post=post)

    def on_published_posts(self) -> Self:
        return self.filter(post__in=Post.objects.published())

    def under_posts_of(self, user: User) -> Self:
        return self.filter(post__bylines__user=user)

    def in_queue(self) -> Self:
        """What waits, for whatever it is, and what is seen but was reported.

        By indexes, however many comments there are: first their keys, by two of them.
        """
        comments = self.model._default_manager
        waiting = comments.filter(state=PENDING)
        reported = comments.filter(reports__isnull=False, reports__resolved_at=None)
        keys = waiting.values("pk").union(reported.values("pk"))
        return self.filter(pk__in=keys, state__in=[VISIBLE, PENDING])

    def needing_a_look(self) -> Self:
        """What is in the queue and not only waiting for its guest."""
        return self.in_queue().exclude(waits_for="address")

    def hidden_by_author(self) -> Self:
        """Removed by an author of the article, about which nobody decided since."""
        removed = self.filter(state="removed")
        return removed.alias(decided=self._last_decision()).filter(decided="hide")

    def _last_decision(self) -> Subquery:
        decided = self.model._default_manager.filter(log__state_after__gt="")
        last = decided.filter(pk=OuterRef("pk")).order_by("-log__pk")
        return Subquery(last.values("log__action")[:1])

    def starting_threads(self) -> Self:
        return self.filter(thread=None)

    def shown_starts(self) -> Self:
        """Starts with a place on the page: visible, or answered by what is visible."""
        return self._visible_or_answered("thread")

    def shown_replies(self) -> Self:
        """Replies with a place on the page: visible, or answered by what is visible."""
        return self._visible_or_answered("parent")

    def _visible_or_answered(self, link: str) -> Self:
        answers = self.model._default_manager.visible().filter(**{link: OuterRef("pk")})
        # EXISTS would do, but PostgreSQL may answer it by a hash of all comments there
        # are; one answer is looked up, and only for what is not visible itself.
        answer = Subquery(answers.values("pk")[:1])
        return self.filter(Q(state=VISIBLE) | Q(IsNull(answer, False)))  # noqa: FBT003

    def in_order(self, sort: str) -> Self:
        """As one of `ORDERS` says."""
        return self.order_by(*ORDERS[sort])

    def keys_in_order(self, sort: str) -> Self:
        """Only which rows, for a page far down: what a row costs is then paid for those
        that are shown, not for all that are passed over.
        """
        return self.in_order(sort).only("pk")

    def oldest_first(self) -> Self:
        return self.in_order("oldest")

    def newest_first(self) -> Self:
        return self.in_order("newest")

    def in_thread_order(self) -> Self:
        """Replies right after what they are set in under."""
        return self.order_by("path")

    def before(self, created_at: Given, pk: Given) -> Self:
        return self.filter(
            Q(created_at__lt=created_at) | Q(pk__lt=pk),
            # Said once more: it is what the index can begin and end with.
            created_at__lte=created_at,
        )

    def for_page(self) -> Self:
        """With what a page shows: who wrote it, on which side, and whom it answers.

        One query. `has_history` says whether what it said before is public,
        `removed_as` by which decision it was removed, if it is.
        """
        known = self.select_related("author", "side", "parent__author")
        return known.only(*SHOWN, *ANSWERED).annotate(
            has_history=self._has_history(),
            removed_as=Case(When(state="removed", then=self._last_decision())),
        )

    def _has_history(self) -> Case:
        edited = self.model._default_manager.filter(
            pk=OuterRef("pk"), revisions__is_public=True
        )
        # Most never were: only where one was is there something to look for.
        return Case(
            When(edited_at__isnull=False, then=Exists(edited)),
            default=Value(value=False),
        )

    def with_first_replies(self, count: int) -> Self:
        """Starts, each with `reply_pks`: of its first shown replies, `count` at most.

        Costs as much for a long thread as for a short one.
        """
        replies = self.model._default_manager.filter(thread=OuterRef("pk"))
        first = replies.shown_replies().in_thread_order().values("pk")[:count]
        return self.annotate(reply_pks=ArraySubquery(first))


class ModerationEntryQuerySet(models.QuerySet["ModerationEntry"]):
    def about_state(self) -> Self:
        """Decisions about what is seen, not about threads or posts."""
        return self.exclude(state_after="")
