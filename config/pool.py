"""Connections that the threads of a web process share.

Other processes have one thread that asks, and no use for a pool.
"""

from __future__ import annotations

import select
import time
from typing import TYPE_CHECKING, Any

from django.db import connections
from psycopg import OperationalError

if TYPE_CHECKING:
    from psycopg import Connection

TIMEOUT = 2.0
"""Seconds that somebody waits for a connection."""
PULSE = 1.0
"""Seconds in which a connection that was left alone must show that it lives."""
IDLE = 60.0


def share_connections(count: int) -> None:
    """Have this process keep at most `count` connections. Call it after a fork."""
    database = connections.settings["default"]
    database["CONN_MAX_AGE"] = 0
    database["OPTIONS"]["pool"] = {
        "min_size": 1,
        "max_size": count,
        "timeout": TIMEOUT,
        # Trying on alone would double the pauses; who asks next has it tried again.
        "reconnect_timeout": TIMEOUT / 2,
        "max_idle": IDLE,
        "check": check_pulse,
    }


def check_pulse(connection: Connection[Any]) -> None:
    """Ask for nothing; a server that stands still must not keep the asker waiting."""
    pgconn = connection.pgconn
    pgconn.send_query(b"")
    deadline = time.monotonic() + PULSE
    while pgconn.flush():
        wait(pgconn.socket, select.POLLOUT, deadline)
    while pgconn.is_busy():
        wait(pgconn.socket, select.POLLIN, deadline)
        pgconn.consume_input()
    while pgconn.get_result() is not None:
        pass


def wait(socket: int, event: int, deadline: float) -> None:
    poll = select.poll()
    poll.register(socket, event)
    if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
        raise OperationalError("The database does not answer.")
