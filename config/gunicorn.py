"""Gunicorn's settings: `uv run gunicorn -c config/gunicorn.py`; `serve` uses the same.

Its own options and `GUNICORN_CMD_ARGS` change what a machine needs otherwise: `--bind`,
`--workers`.
"""

from __future__ import annotations

import gc
import os
import socket
import sys
from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connections

from config import pool
from config.postgres.errors import ServerError
from config.postgres.external.base import DatabaseWrapper
from config.warm import warm

if TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter
    from gunicorn.workers.base import Worker

try:
    from config.settings import SECRET_KEY, THREADS

    # It is read at first use, and nobody is to meet its absence in a request.
    str(SECRET_KEY)
except ImproperlyConfigured as error:
    sys.exit(str(error))

wsgi_app = "config.asgi:application"
worker_class = "config.web_worker.WebWorker"
asgi_lifespan = "on"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
# One import for all workers, half the time to the first answer. A new version of the
# code therefore needs a restart, not a HUP.
preload_app = True

timeout = 30
graceful_timeout = 30
keepalive = 15
limit_request_line = 8190
limit_request_fields = 64
limit_request_field_size = 8190

# Scheme and client address are believed in one place only: core.proxies.
forwarded_allow_ips = ""
proxy_allow_ips = ""
secure_scheme_headers: dict[str, str] = {}

accesslog = None
loglevel = "warning"
control_socket_disable = True
# A slow disk under the heartbeat file would look like a worker that hangs.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
SLOWEST_READER = 30_000
"""Milliseconds without a byte taken after which the kernel ends a connection."""


def on_starting(server: Arbiter) -> None:
    """Refuse a database server that is too old; one that is away may come back."""
    database = connections["default"]
    if not isinstance(database, DatabaseWrapper):
        return
    try:
        database.ensure_connection()
    except ServerError as error:
        sys.exit(str(error))
    except Error:
        return
    database.close()


def when_ready(server: Arbiter) -> None:
    """Prepare what the workers will share.

    Every accepted connection inherits how long a reader may stand still.
    """
    option = getattr(socket, "TCP_USER_TIMEOUT", None)
    for listener in server.LISTENERS:
        if option and listener.sock.family in {socket.AF_INET, socket.AF_INET6}:
            listener.sock.setsockopt(socket.IPPROTO_TCP, option, SLOWEST_READER)
    warm()
    # What is loaded now lives as long as the workers, who share it: neither looked
    # through by the collector nor copied for its notes.
    gc.collect()
    gc.freeze()


def pre_fork(server: Arbiter, worker: Worker) -> None:
    """Let no connection be shared: closing it in one process ends it for the other."""
    connections.close_all()


def post_fork(server: Arbiter, worker: Worker) -> None:
    """One connection for each thread, and one for the look at what changed."""
    pool.share_connections(THREADS + 1)
