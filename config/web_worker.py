"""Gunicorn's ASGI worker, with an end for connections on which nothing comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gunicorn.asgi.protocol import ASGIProtocol
from gunicorn.workers import gasgi

if TYPE_CHECKING:
    from asyncio import BaseTransport


class Connection(ASGIProtocol):  # type: ignore[misc]
    """Its first request has as long to arrive as every later one: `keepalive`.

    Gunicorn waits for the first one for ever.
    """

    worker: WebWorker

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self.worker.connections.add(self)
        self._arm_keepalive_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        self.worker.connections.discard(self)
        super().connection_lost(exc)

    def close_if_idle(self) -> None:
        if self._awaiting_request:
            self._keepalive_timeout()


class WebWorker(gasgi.ASGIWorker):  # type: ignore[misc]
    """Told to end, it answers what is under way and does not wait for the idle."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.connections: set[Connection] = set()

    async def _shutdown(self) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.connections):
            connection.close_if_idle()
        await super()._shutdown()


# The worker names its protocol class nowhere else.
gasgi.ASGIProtocol = Connection
