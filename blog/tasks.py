from __future__ import annotations

from typing import TYPE_CHECKING

from procrastinate.contrib.django import app

from blog import avif, services
from blog.models import Post
from core.rerendering import START, Position, rerender_for
from core.tasks import UNHURRIED, defer_once

if TYPE_CHECKING:
    from collections.abc import Sequence

SECONDS = 10
# After all pictures that wait, so that a post with ten of them is rendered once.
AVIF_PRIORITY, RERENDER_PRIORITY = -10, -20


@app.task(name="make_avif", pass_context=False, priority=AVIF_PRIORITY)
def make_avif(image_pk: int) -> None:
    """Keep one picture as AVIF, and render again what shows it."""
    if avif.make_avif(image_pk):
        defer_once(rerender_posts.configure())


@app.periodic(cron="37 * * * *")
@app.task(pass_context=False, queueing_lock="make_forgotten_avif")
def make_forgotten_avif(timestamp: int) -> None:
    """Queue the pictures that have no AVIF yet and no task that would make it."""
    for pk in avif.forgotten():
        defer_once(make_avif.configure(queueing_lock=f"make_avif {pk}"), image_pk=pk)


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
