"""Django's PostgreSQL backend, on the embedded server (`ENGINE = "config.postgres"`).

Nothing is started before somebody wants a connection.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base

from config.postgres.cluster import OWNER
from config.postgres.server import server_at


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        server = server_at(self.settings_dict["DATA_DIR"])
        folder = server.join(self.settings_dict["NAME"])
        return {**params, "host": str(folder), "port": "5432", "user": OWNER}
