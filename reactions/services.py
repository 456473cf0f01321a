"""What changes reactions: every one goes through here, and is counted under a lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count

from blog.models import Post, PostStats
from comments.models import Comment
from comments.services import locked_stats
from reactions.models import Reaction

if TYPE_CHECKING:
    from accounts.models import User
    from reactions.models import ReactionKind


class TargetGone(Exception):
    """What is reacted to was deleted or hidden in the meantime."""


@transaction.atomic
def set_reaction(
    *,
    kind: ReactionKind,
    user: User,
    post: Post | None = None,
    comment: Comment | None = None,
    is_on: bool,
) -> dict[str, int]:
    """Give a reaction or take it back; done twice it is done once.

    Takes exactly one of post and comment; returns the new counts. Raises `TargetGone`.
    """
    holder = locked_holder(post, comment)
    given = Reaction.objects.filter(kind=kind, user=user, post=post, comment=comment)
    if not is_on:
        given.delete()
    elif not given.exists():
        Reaction.objects.create(kind=kind, user=user, post=post, comment=comment)
    return recount(holder)


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


def recount(holder: PostStats | Comment) -> dict[str, int]:
    """Count again what was given, into the locked row. Two queries at most."""
    target = (
        {"comment": holder}
        if isinstance(holder, Comment)
        else {"post": holder.post_id, "comment": None}
    )
    counted = (
        Reaction.objects.filter(**target)
        .values_list("kind__slug")
        .annotate(n=Count("pk"))
        .order_by("kind__position", "kind_id")
    )
    counts = dict(counted)
    if holder.reaction_counts != counts:
        holder.reaction_counts = counts
        holder.save(update_fields=["reaction_counts"])
    return counts


@transaction.atomic
def recount_post(post: Post) -> dict[str, int]:
    return recount(locked_stats(post))


@transaction.atomic
def recount_comment(comment: Comment) -> dict[str, int]:
    return recount(Comment.objects.select_for_update(no_key=True).get(pk=comment.pk))
