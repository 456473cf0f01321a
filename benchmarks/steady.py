"""Load at a steady rate, whether answers come or not: an open loop.

A closed loop asks less while a server is slow, and so measures little of it
(coordinated omission). Here every request has its moment. One that finds no connection
free waits, and its time counts from the moment at which it was due.
"""

from __future__ import annotations

import gc
import re
import select
import socket
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from benchmarks.figures import Unmeasurable
from benchmarks.load import CODINGS

CONNECTIONS = 32
PATIENCE = 10.0
GOOD = re.compile(rb"HTTP/1\.1 200 .*?\r\ncontent-length: (\d+)\r\n", re.I | re.S)


@dataclass(eq=False)
class Connection:
    socket: socket.socket
    due: float = 0.0
    missing: int = 0

    def fileno(self) -> int:
        return self.socket.fileno()


@dataclass
class Loop:
    message: bytes
    rate: float
    seconds: float
    free: deque[Connection]
    busy: set[Connection] = field(default_factory=set)
    milliseconds: list[float] = field(default_factory=list)

    def run(self) -> None:
        began = time.perf_counter()
        due = deque(began + n / self.rate for n in range(int(self.rate * self.seconds)))
        end = began + self.seconds + PATIENCE
        while due or self.busy:
            now = time.perf_counter()
            if now > end:
                raise Unmeasurable(f"{len(due)} requests of {self.rate:.0f}/s are late")
            while due and self.free and due[0] <= now:
                self.send(self.free.popleft(), due.popleft())
            pause = due[0] - now if due and self.free else PATIENCE
            for ready in select.select(self.busy, (), (), max(0.0, pause))[0]:
                self.receive(ready)

    def send(self, connection: Connection, due: float) -> None:
        connection.due = due
        connection.socket.sendall(self.message)
        self.busy.add(connection)

    def receive(self, connection: Connection) -> None:
        data = connection.socket.recv(262_144)
        if not connection.missing:
            connection.missing = length_of(data)
        connection.missing -= len(data)
        if not connection.missing:
            self.milliseconds.append((time.perf_counter() - connection.due) * 1000)
            self.busy.discard(connection)
            self.free.append(connection)


def length_of(data: bytes) -> int:
    """Of the whole answer whose head comes first in `data`."""
    head, end, _ = data.partition(b"\r\n\r\n")
    found = GOOD.match(head + b"\r\n")
    if not (end and found):
        raise Unmeasurable(f"The answer began {data[:60]!r}")
    return len(head) + len(end) + int(found[1])


def latencies(address: str, rate: float, seconds: float) -> list[float]:
    """Milliseconds of each request from the moment at which it was due."""
    where = urlsplit(address)
    message = (
        f"GET {where.path} HTTP/1.1\r\nHost: {where.netloc}\r\n"
        f"Accept-Encoding: {CODINGS}\r\n\r\n"
    ).encode()
    sockets = [
        socket.create_connection((str(where.hostname), where.port or 80), PATIENCE)
        for _ in range(CONNECTIONS)
    ]
    loop = Loop(message, rate, seconds, deque(Connection(one) for one in sockets))
    try:
        with undisturbed():
            loop.run()
    finally:
        for one in sockets:
            one.close()
    return loop.milliseconds


@contextmanager
def undisturbed() -> Iterator[None]:
    """Keep the collector of this process out of what it measures."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
