"""Django's PostgreSQL backend, on the server of `DATABASE_URL`.

Its version is looked at once in a process, by whatever connects first: every command,
the worker and the web server refuse an old one alike.
"""

from __future__ import annotations

from django.db.backends.postgresql import base

from config.postgres.errors import ServerError

OLDEST = 16


class DatabaseWrapper(base.DatabaseWrapper):
    def check_database_version_supported(self) -> None:
        version = self.get_database_version()
        if version < (OLDEST,):
            # Left open, it would be taken for one that passed.
            self.close()
            raise ServerError(
                f"Byline needs PostgreSQL {OLDEST} or newer; the server of "
                f"DATABASE_URL is PostgreSQL {'.'.join(map(str, version))}."
            )
