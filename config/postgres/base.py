"""Django's PostgreSQL backend, on the embedded server (`ENGINE = "config.postgres"`).

Nothing is started before somebody wants a connection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.backends.postgresql import base, features

from config.postgres import binaries
from config.postgres.cluster import OWNER
from config.postgres.server import server_at

if TYPE_CHECKING:
    from psycopg_pool import ConnectionPool


class DatabaseFeatures(features.DatabaseFeatures):
    @property
    def is_postgresql_18(self) -> bool:
        """Known without asking: `manage.py check` wants to know, and starts nothing."""
        return int(binaries.major()) >= 18


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures

    @property
    def pool(self) -> ConnectionPool[Any] | None:
        """Django's pool, which asks anew where the server is: it may have moved."""
        pool: ConnectionPool[Any] | None = super().pool
        if pool is not None and not callable(pool.kwargs):
            pool.kwargs = self.get_pool_params
        return pool

    def get_pool_params(self) -> dict[str, Any]:
        return self.get_connection_params() | {"autocommit": True}

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        server = server_at(self.settings_dict["DATA_DIR"])
        folder = server.join(self.settings_dict["NAME"])
        return {**params, "host": str(folder), "port": "5432", "user": OWNER}
