"""What readers saw a comment say before: which changes they may look at, and how."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import F, Window
from django.db.models.functions import Coalesce, Lead
from django.urls import reverse
from django.utils import timezone

from core.differences import differences
from core.pagination import paginate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from comments.models import Comment
    from core.differences import Line
    from core.models import SiteSettings

CHANGES_ON_PAGE = 10


@dataclass(frozen=True)
class Change:
    at: datetime
    lines: Sequence[Line]


@dataclass(frozen=True)
class History:
    """Some changes, the newest first, and where newer and older ones are."""

    changes: Sequence[Change]
    number: int
    newer_url: str
    older_url: str


def leaves_trace(comment: Comment, site: SiteSettings) -> bool:
    """Whether an edit now is shown to everybody.

    It is once the time for second thoughts is over. A comment that has a history keeps
    one: nothing in it may change unseen, even where the owner gives more time later.
    """
    ends_at = comment.created_at + timedelta(minutes=site.edit_minutes)
    return comment.edited_at is not None or timezone.now() >= ends_at


def can_change(comment: Comment, site: SiteSettings) -> bool:
    """Whether its words may be others now.

    What waits changes only without a trace, which nobody could be shown: words that
    readers never saw are in no history.
    """
    if comment.state == comment.State.PENDING:
        return not leaves_trace(comment, site)
    return comment.is_visible


def load_history(comment: Comment, number: str) -> History:
    """A page of what readers saw change. One query. Raises `NoSuchPage`."""
    following = Window(Lead("body"), order_by="pk")
    public = comment.revisions.filter(is_public=True).order_by("-pk")
    # In one query, so that an edit meanwhile is in all of it or in none.
    changed = public.annotate(replaced_by=Coalesce(following, F("comment__body")))
    page = paginate(changed, number, CHANGES_ON_PAGE)
    changes = [
        Change(revision.replaced_at, differences(revision.body, revision.replaced_by))
        for revision in page.items
    ]
    newer, older = (
        history_address(comment, n) if n else ""
        for n in (page.previous_number, page.next_number)
    )
    return History(changes, page.number, newer, older)


def history_address(comment: Comment, number: int) -> str:
    url = reverse("comments:comment_history", args=[comment.public_id])
    return f"{url}?page={number}" if number > 1 else url
