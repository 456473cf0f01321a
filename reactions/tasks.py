from __future__ import annotations

from procrastinate.contrib.django import app

from core.tasks import UNHURRIED
from reactions import services

PRIORITY = -10


@app.task(name="weigh_comments", pass_context=False, lock=UNHURRIED, priority=PRIORITY)
def weigh_comments(kind_pk: int, after: int = 0) -> None:
    """Count some comments again that were given this kind; the rest in another job."""
    last = services.recount_some_with(kind_pk, after=after)
    if last is not None:
        weigh_comments.defer(kind_pk=kind_pk, after=last)
