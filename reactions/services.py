"""What changes reactions: every one goes through here, and is counted under a lock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Count

from blog.models import Post, PostStats
from comments.models import Comment
from comments.services import locked_stats
from reactions.models import Reaction
from reactions.scores import score

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User
    from reactions.models import ReactionKind

AT_ONCE = 500


class TargetGone(Exception):
    """What is reacted to was deleted or hidden in the meantime."""


@transaction.atomic
def set_reaction(
    *,
    kind: ReactionKind,
    user: User | None = None,
    visitor: UUID | None = None,
    post: Post | None = None,
    comment: Comment | None = None,
    is_on: bool,
) -> dict[str, int]:
    """Give a reaction or take it back; done twice it is done once.

    Takes exactly one of user and visitor and one of post and comment; returns the new
    counts. Raises `TargetGone`.
    """
    holder = locked_holder(post, comment)
    fields: dict[str, Any] = {
        "kind": kind,
        "user": user,
        "visitor": visitor,
        "post": post,
        "comment": comment,
    }
    given = Reaction.objects.filter(**fields)
    if not is_on:
        given.delete()
    elif not given.exists():
        Reaction.objects.create(**fields)
    return recount(holder)


def adopt_reactions(*, user: User, visitor: UUID) -> None:
    """Make the visitor's reactions the member's; where both gave one, one is kept.

    Safe to repeat; each target is one transaction.
    """
    given = Reaction.objects.filter(visitor=visitor)
    for post in Post.objects.filter(pk__in=given.values("post")).only("pk"):
        with transaction.atomic():
            adopt_on(locked_stats(post), user, visitor)
    for comment in Comment.objects.filter(pk__in=given.values("comment")).only("pk"):
        with transaction.atomic():
            locked = Comment.objects.select_for_update(no_key=True)
            if holder := locked.filter(pk=comment.pk).first():
                adopt_on(holder, user, visitor)


def adopt_on(holder: PostStats | Comment, user: User, visitor: UUID) -> None:
    on_target = Reaction.objects.filter(**target_of(holder))
    own = on_target.filter(user=user).values("kind")
    theirs = on_target.filter(visitor=visitor)
    theirs.filter(kind__in=own).delete()
    theirs.update(user=user, visitor=None)
    recount(holder)


def locked_holder(post: Post | None, comment: Comment | None) -> PostStats | Comment:
    """The row that keeps the counts, locked until the transaction ends."""
    if post is not None:
        if not Post.objects.published().filter(pk=post.pk).exists():
            raise TargetGone
        return locked_stats(post)
    assert comment is not None  # noqa: S101
    visible = Comment.objects.select_for_update(no_key=True).visible()
    try:
        return visible.get(pk=comment.pk)
    except Comment.DoesNotExist as error:
        raise TargetGone from error


def target_of(holder: PostStats | Comment) -> dict[str, Any]:
    if isinstance(holder, Comment):
        return {"comment": holder}
    return {"post": holder.post_id, "comment": None}


def recount(holder: PostStats | Comment) -> dict[str, int]:
    """Count again what was given, into the locked row. Two queries at most.

    A comment's score follows from the same count.
    """
    given = list(
        Reaction.objects.filter(**target_of(holder))
        .values_list("kind__slug", "kind__weight")
        .annotate(n=Count("pk"))
        .order_by("kind__position", "kind_id")
    )
    counts = {slug: n for slug, _weight, n in given}
    fresh: dict[str, object] = {"reaction_counts": counts}
    if isinstance(holder, Comment):
        fresh["score"] = score((weight, n) for _slug, weight, n in given)
    changed = {name for name, value in fresh.items() if getattr(holder, name) != value}
    for name in changed:
        setattr(holder, name, fresh[name])
    if changed:
        holder.save(update_fields=changed)
    return counts


@transaction.atomic
def recount_post(post: Post) -> dict[str, int]:
    return recount(locked_stats(post))


@transaction.atomic
def recount_comment(comment: Comment) -> dict[str, int]:
    return recount(Comment.objects.select_for_update(no_key=True).get(pk=comment.pk))


def recount_some_with(kind_pk: int, *, after: int) -> int | None:
    """Count comments again that were given the kind: the next ones, by key.

    The last of them, or None where none is left. Each is a transaction of its own.
    """
    given = Reaction.objects.filter(kind=kind_pk, comment__gt=after)
    keys = given.order_by("comment").values_list("comment", flat=True).distinct()
    some = Comment.objects.filter(pk__in=list(keys[:AT_ONCE])).order_by("pk")
    last = None
    for comment in some.only("pk"):
        recount_comment(comment)
        last = comment.pk
    return last
