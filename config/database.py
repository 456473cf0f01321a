"""Make the database ready to serve from: reachable, new enough, migrated."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config.progress import progress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.backends.utils import CursorWrapper

LOCK = 0x42796C696E65
"""A number of ours for the advisory lock: two machines may start at once."""
PAUSE = 0.2


def is_embedded() -> bool:
    return bool(settings.DATABASES["default"]["ENGINE"] == "config.postgres")


def is_new() -> bool:
    """Whether the embedded database will be made by the first connection."""
    database = settings.DATABASES["default"]
    return is_embedded() and not (database["DATA_DIR"] / "data").exists()


def prepare() -> None:
    """Connect, which refuses a server that is too old, and migrate if there is need."""
    connection.ensure_connection()
    with progress("Migrating the database"), alone_and_unhurried():
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", interactive=False, verbosity=0, stdout=sys.stderr)


@contextmanager
def alone_and_unhurried() -> Iterator[None]:
    """Let one process migrate at a time, as long as a large table may need.

    The time that a statement may take is meant for pages.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        # Asked for again and again: a query that waits for the lock is one that
        # `CREATE INDEX CONCURRENTLY` waits for.
        while not _has_lock(cursor):
            time.sleep(PAUSE)
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
            cursor.execute("RESET statement_timeout")


def _has_lock(cursor: CursorWrapper) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
    (is_ours,) = cursor.fetchone()
    return bool(is_ours)
