from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from blog.importing import importer
from blog.importing.errors import FileRefused


class Command(BaseCommand):
    help = (
        "Make posts of Markdown and text files (.md, .markdown, .txt) and of folders "
        "of them, with YAML or TOML front matter or none. Drafts, unless --publish."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--author", metavar="HANDLE", help="whose posts they are")
        parser.add_argument(
            "--publish",
            action="store_true",
            help="publish at the file's date, or now; drafts stay drafts",
        )

    def handle(
        self,
        *args: Any,
        paths: list[Path],
        author: str | None,
        publish: bool,
        **options: Any,
    ) -> None:
        writer = find_author(author.removeprefix("@").lower()) if author else None
        failed = 0
        for path in importer.files_in(paths):
            try:
                outcome = importer.import_file(path, author=writer, publish=publish)
            except FileRefused as error:
                failed += 1
                self.say(f"failed {importer.shown(path)}: {error}")
            else:
                word = "imported" if outcome.is_new else "unchanged"
                address = outcome.post.get_absolute_url()
                self.say(f"{word} {importer.shown(path)} {address}")
        if failed:
            raise CommandError(f"{failed} not imported.")

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def find_author(handle: str) -> User:
    try:
        return User.objects.get(handle=handle)
    except User.DoesNotExist as error:
        raise CommandError(f"There is no account @{handle}.") from error
