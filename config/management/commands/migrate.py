from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate

from config.database import alone_and_unhurried


class Command(migrate.Command):
    """Django's own, without the time limit of pages and one at a time."""

    def handle(self, *args: Any, **options: Any) -> None:
        with alone_and_unhurried():
            super().handle(*args, **options)
