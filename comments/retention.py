"""What was taken away is kept for a while; then only its place is, if that.

What its guest never confirmed goes after the same time, and guests of whom nothing is
left.

Each step takes a batch in a transaction of its own, leaves alone what somebody else is
at, and finds by itself what is left to do: it may be run twice, beside itself, and be
killed at any moment.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.postgres.functions import RandomUUID
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from blog.querysets import RESTORABLE_FOR
from comments.models import Comment, CommentRevision, Guest

if TYPE_CHECKING:
    from django.db.models import QuerySet

BATCH = 100
GUEST_WITHOUT_COMMENTS = timedelta(days=1)


class WordsGone(Exception):
    """It was taken away too long ago to be shown again."""


def is_past(comment: Comment) -> bool:
    """Whether it was taken away so long ago that its words are gone, or about to be."""
    if comment.state not in Comment.ENDED:
        return False
    ended_at = comment.state_changed_at or comment.created_at
    return not comment.body or ended_at <= timezone.now() - RESTORABLE_FOR


@transaction.atomic
def forget_words(limit: int = BATCH) -> int:
    """Empty comments that were taken away 30 days ago: no words, no writer, no side.

    How many. Reactions stay counted; nobody can see them.
    """
    ended_at = Coalesce("state_changed_at", "created_at")
    due = (
        Comment.objects.filter(state__in=Comment.ENDED)
        .exclude(body="")
        .alias(ended_at=ended_at)
        .filter(ended_at__lte=timezone.now() - RESTORABLE_FOR)
        .order_by("ended_at", "pk")
    )
    pks = locked_pks(due, limit)
    CommentRevision.objects.filter(comment__in=pks).delete()
    return Comment.objects.filter(pk__in=pks).update(
        body="",
        body_html="",
        author=None,
        guest=None,
        guest_name="",
        side=None,
        # Unique among those without an author, whatever keys forms bring.
        key=Cast(RandomUUID(), CharField()),
    )


@transaction.atomic
def drop_places(limit: int = BATCH) -> int:
    """Delete comments without words that nothing answers; how many.

    What answered one may have been the last that kept the one above it.
    """
    answers = Comment.objects.filter(parent=OuterRef("pk"))
    unanswered = Comment.objects.filter(~Exists(answers), body="").order_by("pk")
    pks = locked_pks(unanswered, limit)
    Comment.objects.filter(pk__in=pks).delete()
    return len(pks)


@transaction.atomic
def forget_unconfirmed(limit: int = BATCH) -> int:
    """Delete what has waited 30 days for its guest to confirm the address; how many.

    What was seen once, and answered, waits on.
    """
    before = timezone.now() - RESTORABLE_FOR
    answers = Comment.objects.filter(parent=OuterRef("pk"))
    unconfirmed = Comment.objects.filter(
        Q(state_changed_at=None) | Q(state_changed_at__lte=before),
        ~Exists(answers),
        state=Comment.State.PENDING,
        waits_for=Comment.WaitsFor.ADDRESS,
        created_at__lte=before,
    )
    pks = locked_pks(unconfirmed.order_by("created_at", "pk"), limit)
    Comment.objects.filter(pk__in=pks).delete()
    return len(pks)


@transaction.atomic
def forget_guests(limit: int = BATCH) -> int:
    """Delete the addresses of guests of whom no comment is left; how many."""
    theirs = Comment.objects.filter(guest=OuterRef("pk"))
    known_before = timezone.now() - GUEST_WITHOUT_COMMENTS
    silent = Guest.objects.filter(~Exists(theirs))
    pks = locked_pks(silent.filter(created_at__lt=known_before).order_by("pk"), limit)
    # Asked again now that they are locked: one may have just come back.
    gone = list(silent.filter(pk__in=pks).values_list("pk", flat=True))
    Guest.objects.filter(pk__in=gone).delete()
    return len(gone)


def locked_pks(rows: QuerySet[Comment] | QuerySet[Guest], limit: int) -> list[int]:
    unheld = rows.select_for_update(skip_locked=True)
    return list(unheld.values_list("pk", flat=True)[:limit])


STEPS = forget_words, drop_places, forget_unconfirmed, forget_guests
