from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand
from django.db import connection

from core import worker

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    help = "Run background tasks until told to stop."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--drain", action="store_true", help="run what is due, then end"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        # A database that cannot be had at the start is the operator's to mend.
        connection.ensure_connection()
        connection.close()
        asyncio.run(worker.work(wait=not options["drain"]))
