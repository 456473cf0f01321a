from __future__ import annotations

from typing import TYPE_CHECKING

from procrastinate.contrib.django import app

from blog import services
from blog.models import Post
from core.rerendering import START, Position, rerender_for
from core.tasks import UNHURRIED, defer_once

if TYPE_CHECKING:
    from collections.abc import Sequence

SECONDS = 10
RERENDER_PRIORITY = -20


@app.periodic(cron="*/5 * * * *")
@app.task(
    name="rerender_posts",
    pass_context=False,
    queueing_lock="rerender_posts",
    lock=UNHURRIED,
    priority=RERENDER_PRIORITY,
)
def rerender_posts(timestamp: int = 0, after: Sequence[int] = START) -> None:
    """Render stale posts again for some seconds; what is left, in another job."""
    stopped = rerender_for(
        SECONDS, Post.objects.all(), services.rerender_post, after=Position(*after)
    )
    if stopped:
        rest = rerender_posts.configure(queueing_lock="rerender_posts, the rest")
        defer_once(rest, after=list(stopped))
