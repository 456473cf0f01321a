from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from blog import services as blog
from blog.models import Post
from comments import services as comments
from comments.models import Comment
from core import rerendering

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from django.db.models import QuerySet

    from core.rerendering import RerenderOne

SECONDS_BETWEEN_WORDS = 5.0


class Command(BaseCommand):
    help = (
        "Render posts and comments again whose HTML an older renderer made. Safe at "
        "any time, also beside writers; stopped, it goes on where it was."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--all", action="store_true", help="what the newest one made, too"
        )
        parser.add_argument(
            "--batch",
            type=int,
            default=rerendering.BATCH,
            metavar="N",
            help=f"how many keys are read at once ({rerendering.BATCH})",
        )

    def handle(self, *args: Any, batch: int, **options: Any) -> None:
        if batch < 1:
            raise CommandError("A batch has at least one text.")
        before = signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            if options["all"]:
                self.expire_all()
            refused = self.rerender(
                "post", Post.objects.all(), blog.rerender_post, batch
            )
            refused += self.rerender(
                "comment", Comment.objects.all(), comments.rerender_comment, batch
            )
        except KeyboardInterrupt:
            self.stderr.write("Stopped. What is left is done by the next run.")
            raise
        finally:
            signal.signal(signal.SIGTERM, before)
        if refused:
            raise CommandError(f"{refused} refused; their HTML stays as it was.")

    def expire_all(self) -> None:
        for rows in (Post.objects.all(), Comment.objects.all()):
            for _ in rerendering.expire(rows):
                pass

    def rerender(
        self, what: str, rows: QuerySet[Any], rerender_one: RerenderOne, batch: int
    ) -> int:
        """Render all that is stale again, and tell of it; how many were refused."""
        total = rerendering.stale(rows).count()
        done = refused = 0
        told = time.monotonic()
        for met in rerendering.rerender(rows, rerender_one, batch=batch):
            done += 1
            if met.refusal:
                refused += 1
                text = rows.filter(pk=met.position.pk).first() or met.position.pk
                self.stderr.write(f"The {what} {text} stays as it was: {met.refusal}")
            if time.monotonic() > told + SECONDS_BETWEEN_WORDS:
                told = time.monotonic()
                self.stderr.write(f"{done} of {total} {what}s …")
        self.stderr.write(f"{done - refused} {what}s rendered again.")
        return refused
