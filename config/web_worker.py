"""Gunicorn's ASGI worker, that shares connections and ends those that are idle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gunicorn.asgi.protocol import ASGIProtocol
from gunicorn.workers import gasgi

if TYPE_CHECKING:
    from asyncio import BaseTransport, Server
    from socket import socket

AT_ONCE = 1
"""Connections that a worker takes before another may."""


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
    """Told to end, it answers what is under way and does not wait for the idle.

    It takes connections one by one. An event loop left to itself takes all that wait,
    up to a hundred, and the other workers have nothing to do while this one is slow.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.connections: set[Connection] = set()

    def _setup_event_loop(self) -> None:
        super()._setup_event_loop()
        create_server = self.loop.create_server

        async def create_fair_server(
            *args: Any, sock: socket, **options: Any
        ) -> Server:
            server: Server = await create_server(
                *args, sock=sock, backlog=AT_ONCE, **options
            )
            # The loop told the kernel too; there more may wait.
            sock.listen(self.cfg.backlog)
            return server

        self.loop.create_server = create_fair_server

    async def _shutdown(self) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.connections):
            connection.close_if_idle()
        await super()._shutdown()


# The worker names its protocol class nowhere else.
gasgi.ASGIProtocol = Connection
