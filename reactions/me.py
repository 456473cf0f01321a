"""The asker's reactions in `/me/`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from accounts.me import MAX_COMMENTS
from comments.me import describe
from reactions.models import Reaction

if TYPE_CHECKING:
    from accounts.me import Answer

OF_COMMENT = (
    "comment__public_id",
    "comment__state",
    "comment__author",
    "comment__guest__visitor",
)


def fill_reactions(answer: Answer) -> None:
    """What the asker gave to the post and to visible comments. One query."""
    if not answer.asking.is_somebody or (answer.slug and not answer.post_id):
        return
    given = Reaction.objects.filter(**answer.asking.fields)
    given = given.select_related("kind", "comment__guest")
    given = given.only("kind__slug", "kind__position", *OF_COMMENT)
    if answer.post_id:
        given = given.filter(Q(post=answer.post_id) | Q(comment__post=answer.post_id))
    else:
        given = given.filter(post=None)
    newest = given.order_by("-created_at")[: MAX_COMMENTS * 4]
    for reaction in sorted(newest, key=lambda reaction: reaction.kind.position):
        note(answer, reaction)


def note(answer: Answer, reaction: Reaction) -> None:
    comment = reaction.comment
    if comment is None:
        if answer.post is not None:
            answer.post["reactions"].append(reaction.kind.slug)
        return
    if comment.public_id not in answer.comments:
        if not comment.is_visible or len(answer.comments) >= MAX_COMMENTS:
            return
        answer.comments[comment.public_id] = describe(comment, answer)
    answer.comments[comment.public_id]["reactions"].append(reaction.kind.slug)
