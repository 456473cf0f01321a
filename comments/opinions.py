"""What changes questions and their sides, and who took which.

Locks are taken in one order: the post, then its stats. Every vote holds the stats, so
closing waits for those that are being cast, and none is cast after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Exists, OuterRef
from django.utils import timezone

from blog.models import Post
from comments import worded
from comments.ballots import digest
from comments.models import Comment, Question, Side, Vote
from comments.models.opinion import SIDE_SLUG_LENGTH, SIDES_MAX, SIDES_MIN
from comments.services import locked_stats
from core.slugs import free_slug, shorten, slugify

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.participants import Participant
    from blog.models import PostStats

type Counts = dict[str, dict[str, int]]


class NoQuestion(LookupError):
    """The post asks nothing, or is not there for readers."""


class NoSuchSide(LookupError):
    """The question has no side of this name."""


class QuestionClosed(Exception):
    """Nobody takes a side any more; `question` knows since when."""

    def __init__(self, question: Question) -> None:
        super().__init__("The question is closed.")
        self.question = question


class SideInUse(ValueError):
    """Readers took the side `slug`; empty: a side of the question that should go."""

    def __init__(self, slug: str, sentence: str) -> None:
        super().__init__(sentence)
        self.slug = slug


@dataclass(frozen=True)
class SideWish:
    """A side as it shall be; `slug` names the one that it is already."""

    label: str
    color: str
    slug: str = ""


@transaction.atomic
def save_question(
    post: Post,
    *,
    text: str,
    sides: Sequence[SideWish],
    results: str = Question.Results.ALWAYS,
) -> Question:
    """Ask something, or change what is asked. The sides stand in the given order.

    Sides that no wish names go; `SideInUse` where readers took one of them. A slug is
    made from the label, and stays as it is once somebody took the side.
    """
    if not SIDES_MIN <= len(sides) <= SIDES_MAX:
        raise ValueError(f"{len(sides)} sides")
    stats = locked_with_post(post)
    question, _ = Question.objects.update_or_create(
        post=post, defaults={"text": text, "results": results}
    )
    in_use = slugs_in_use(question)
    known = keep_sides(question, {wish.slug for wish in sides}, in_use)
    used = set(known)
    for position, wish in enumerate(sides):
        side = known.pop(wish.slug) if wish.slug in known else Side(question=question)
        if side.slug not in in_use:
            used.discard(side.slug)
            side.slug = slug_for(wish.label, used)
            used.add(side.slug)
        side.label, side.color, side.position = wish.label, wish.color, position
        side.save()
    recount(question, stats)
    return question


def keep_sides(
    question: Question, wanted: set[str], in_use: set[str]
) -> dict[str, Side]:
    """The wanted sides by their slug; the others go, where nobody took them."""
    kept: dict[str, Side] = {}
    for side in question.sides.all():
        if side.slug in wanted:
            kept[side.slug] = side
        elif side.slug in in_use:
            raise SideInUse(
                side.slug,
                f"Readers took the side “{side.label}”: it cannot go. "
                "You can rename it, or close the question.",
            )
        else:
            side.delete()
    return kept


def slug_for(label: str, used: set[str]) -> str:
    # Room for a number where two labels give the same.
    slug = shorten(slugify(label), SIDE_SLUG_LENGTH - 3) or "side"
    return free_slug(slug, used.__contains__)


def slugs_in_use(question: Question) -> set[str]:
    """Of the sides that somebody took, by a vote or with a comment."""
    votes = Vote.objects.filter(side=OuterRef("pk"))
    comments = Comment.objects.filter(side=OuterRef("pk"))
    taken = question.sides.filter(Exists(votes) | Exists(comments))
    return set(taken.values_list("slug", flat=True))


@transaction.atomic
def remove_question(post: Post) -> None:
    """Ask nothing any more. Raises `SideInUse` where readers took a side."""
    stats = locked_with_post(post)
    question = Question.objects.filter(post=post).first()
    if question is None:
        return
    if slugs_in_use(question):
        raise SideInUse(
            "", "Readers took sides: the question cannot go. You can close it."
        )
    question.delete()
    save_counts(stats, {})


def close_question(post: Post) -> None:
    """Freeze it as it stands; closed again, it keeps since when."""
    set_closed(post, is_closed=True)


def reopen_question(post: Post) -> None:
    set_closed(post, is_closed=False)


@transaction.atomic
def set_closed(post: Post, *, is_closed: bool) -> None:
    locked_stats(post)
    other = Question.objects.filter(post=post, closed_at__isnull=is_closed)
    other.update(closed_at=timezone.now() if is_closed else None)


@transaction.atomic
def set_side(post: Post, asking: Participant, slug: str, *, network: str) -> Counts:
    """Take a side, another one, or with an empty slug none; twice is once.

    Returns how opinion stands now. `network` is where a visitor asks from: kept as a
    digest, for a while. Raises `NoQuestion`, `QuestionClosed`, `NoSuchSide`.
    """
    stats = locked_stats(post)
    asked = Question.objects.filter(post__in=Post.objects.published())
    question = asked.filter(post=post).first()
    if question is None:
        raise NoQuestion
    if question.is_closed:
        raise QuestionClosed(question)
    mine = Vote.objects.filter(question=question, **asking.fields)
    if not slug:
        mine.delete()
        return recount(question, stats)
    side = {side.slug: side for side in question.sides.all()}.get(slug)
    if side is None:
        raise NoSuchSide(slug)
    if not mine.update(side=side):
        origin = digest(question, network) if asking.visitor else ""
        fields = asking.fields
        Vote.objects.create(question=question, side=side, network=origin, **fields)
    return recount(question, stats)


def recount(question: Question, stats: PostStats) -> Counts:
    """Count again who took which side, into the locked row. Two queries at most."""
    counted = question.sides.annotate(
        members=Count("votes__user"), visitors=Count("votes__visitor")
    ).values_list("slug", "members", "visitors")
    counts = {
        slug: {"members": members, "visitors": visitors}
        for slug, members, visitors in counted
    }
    return save_counts(stats, counts)


def save_counts(stats: PostStats, counts: Counts) -> Counts:
    if stats.side_counts != counts:
        stats.side_counts = counts
        stats.save(update_fields=["side_counts"])
    return counts


@transaction.atomic
def recount_sides(post: Post) -> Counts:
    """Repair what is counted under the post. Idempotent."""
    stats = locked_stats(post)
    question = Question.objects.filter(post=post).first()
    return recount(question, stats) if question else save_counts(stats, {})


def locked_with_post(post: Post) -> PostStats:
    """For what comments must not overtake, which may carry a side."""
    Post.objects.select_for_update(no_key=True).only("pk").get(pk=post.pk)
    return locked_stats(post)


def sides_of(post: Post) -> list[Side]:
    """The sides of what the post asks, with the question. At most one query.

    The post's stats name the sides that there are: where they name none, none is asked.
    """
    if not post.stats.side_counts:
        return []
    return worded.sides_of_post.all(post=post.pk)


def side_of(post: Post, asking: Participant) -> str:
    """The slug of the side that the asker took, or nothing. At most one query."""
    if not asking.is_somebody:
        return ""
    mine = Vote.objects.filter(question__post=post, **asking.fields)
    return mine.values_list("side__slug", flat=True).first() or ""
