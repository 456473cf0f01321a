from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from comments import synthetic


class Command(BaseCommand):
    help = "Add synthetic posts and comments, for measuring. They are written by COPY."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--posts", type=int, required=True, metavar="N")
        parser.add_argument("--comments", type=int, default=0, metavar="M")

    def handle(self, *args: Any, posts: int, comments: int, **options: Any) -> None:
        if posts < 1 or comments < 0:
            raise CommandError("At least one post, and no fewer than no comments.")
        started = time.monotonic()
        synthetic.populate(posts, comments, progress=self.report)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        self.stdout.write(
            f"{posts} posts and {comments} comments "
            f"in {time.monotonic() - started:.1f} s"
        )

    def report(self, done: int, what: str) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{done} {what}", ending="")
