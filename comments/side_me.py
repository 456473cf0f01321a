"""The asker's side in `/me/`, and how opinion stands where only voters see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comments.models import Question, Vote

if TYPE_CHECKING:
    from accounts.me import Answer

SAID = ("side__slug", "question__results", "question__post__stats__side_counts")


def fill_side(answer: Answer) -> None:
    """The slug of the side, and `results` for who voted to see them. One query."""
    if answer.post is None or not answer.asking.is_somebody:
        return
    votes = Vote.objects.filter(question__post=answer.post_id, **answer.asking.fields)
    for slug, results, counts in votes.values_list(*SAID):
        answer.post["side"] = slug
        if results == Question.Results.AFTER_VOTING:
            answer.post["results"] = counts
