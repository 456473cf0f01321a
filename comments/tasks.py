from __future__ import annotations

import time
from typing import TYPE_CHECKING
from uuid import UUID

from procrastinate.contrib.django import app

from accounts.models import User
from comments import ballots, guests, retention, services
from comments.models import Comment
from core.rerendering import START, Position, rerender_for
from core.tasks import UNHURRIED, defer_once

if TYPE_CHECKING:
    from collections.abc import Sequence

SECONDS = 10
PRIORITY = -20


@app.periodic(cron="*/5 * * * *")
@app.task(
    name="rerender_comments",
    pass_context=False,
    queueing_lock="rerender_comments",
    lock=UNHURRIED,
    priority=PRIORITY,
)
def rerender_comments(timestamp: int = 0, after: Sequence[int] = START) -> None:
    """Render stale comments again for some seconds; what is left, in another job."""
    stopped = rerender_for(
        SECONDS,
        Comment.objects.all(),
        services.rerender_comment,
        after=Position(*after),
    )
    if stopped:
        rest = rerender_comments.configure(queueing_lock="rerender_comments, the rest")
        defer_once(rest, after=list(stopped))


@app.periodic(cron="37 * * * *")
@app.task(
    name="forget_what_was_taken_away",
    pass_context=False,
    queueing_lock="forget_what_was_taken_away",
    lock=UNHURRIED,
    priority=PRIORITY,
)
def forget_what_was_taken_away(timestamp: int = 0) -> None:
    """Forget for some seconds what was taken away 30 days ago; the rest in an hour.

    What nobody confirmed in that time goes, too.
    """
    end = time.monotonic() + SECONDS
    for forget in retention.STEPS:
        while forget() and time.monotonic() < end:
            pass


@app.periodic(cron="43 3 * * *")
@app.task(name="forget_networks", pass_context=False, queueing_lock="forget_networks")
def forget_networks(timestamp: int) -> None:
    """Forget from where visitors voted more than 30 days ago, once a day."""
    ballots.forget_networks()


@app.task(name="adopt_guest", pass_context=False)
def adopt_guest(user_id: int, visitor: str) -> None:
    """Make the member's what was done in that browser, if it is theirs."""
    if user := User.objects.filter(pk=user_id).first():
        guests.adopt(user, UUID(visitor))
