"""Make the database ready to serve from: reachable, new enough, migrated."""

from __future__ import annotations

import sys

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor

from config.command_line import explain
from config.progress import progress

OLDEST = 16
LOCK = 0x42796C696E65
"""A number of ours for the advisory lock: two machines may start at once."""


def is_embedded() -> bool:
    return bool(settings.DATABASES["default"]["ENGINE"] == "config.postgres")


def prepare() -> None:
    """Connect, refuse a server that is too old, and migrate if there is need."""
    try:
        with progress("Connecting to the database"):
            connection.ensure_connection()
    except Error as error:
        sentence = explain(error) or f"The database cannot be used: {error}".strip()
        raise CommandError(sentence) from error
    version = connection.pg_version
    if version < OLDEST * 10_000:
        raise CommandError(
            f"Byline needs PostgreSQL {OLDEST} or newer; the server of DATABASE_URL is "
            f"PostgreSQL {version // 10_000}.{version % 10_000}."
        )
    with progress("Migrating the database"):
        _migrate()


def _migrate() -> None:
    with connection.cursor() as cursor:
        # The limit is for pages; a migration of a large table may take its time.
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                call_command(
                    "migrate", interactive=False, verbosity=0, stdout=sys.stderr
                )
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
            cursor.execute("RESET statement_timeout")
