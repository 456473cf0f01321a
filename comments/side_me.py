"""The asker's side in `/me/`, and how opinion stands where only voters see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import CharField, OuterRef, Subquery, Value

from comments.models import Question, Vote

if TYPE_CHECKING:
    from accounts.participants import Participant

SAID = ("side", "question__results", "stats__side_counts")


def side_taken(asking: Participant) -> Any:
    """The slug of the side that the asker took, as a column of a post."""
    if not asking.is_somebody:
        return Value(None, output_field=CharField())
    votes = Vote.objects.filter(question__post=OuterRef("pk"), **asking.fields)
    return Subquery(votes.values("side__slug"))


def describe_side(slug: str | None, results: str, counts: Any) -> dict[str, Any]:
    """The part of `/me/`, with `results` for who voted to see them."""
    if slug and results == Question.Results.AFTER_VOTING:
        return {"side": slug, "results": counts}
    return {"side": slug}
