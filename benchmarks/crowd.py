"""Readers who take their time: `python -m benchmarks.crowd ADDRESS IDLE SLOW`.

`IDLE` connections have asked once and say no more, for the 15 seconds that the server
lets them; `SLOW` readers take the page, as it is without compression, a few bytes at a
time. Prints a line when all are there, and stays until it is ended.
"""

from __future__ import annotations

import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from benchmarks.figures import Unmeasurable
from benchmarks.load import CODINGS, PLAIN
from benchmarks.site import ROOT

SIP = 512
PAUSE = 0.25
SMALLEST_BUFFER = 1


@contextmanager
def crowd(address: str, *, idle: int, slow: int) -> Iterator[None]:
    """All of them are there, in a process of their own, until the end."""
    command = [sys.executable, "-m", "benchmarks.crowd", address]
    process = subprocess.Popen(
        [*command, str(idle), str(slow)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout  # noqa: S101
    try:
        if not process.stdout.readline():
            raise Unmeasurable("The slow readers could not all connect")
        yield
        if process.poll() is not None:
            raise Unmeasurable("The slow readers went away")
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def connect(address: str, *, coding: str = PLAIN, buffer: int = 0) -> socket.socket:
    where = urlsplit(address)
    one = socket.socket()
    if buffer:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    one.settimeout(10)
    one.connect((where.hostname, where.port or 80))
    message = (
        f"GET {where.path} HTTP/1.1\r\nHost: {where.netloc}\r\n"
        f"Accept-Encoding: {coding}\r\n\r\n"
    )
    one.sendall(message.encode())
    return one


def read_whole(one: socket.socket) -> None:
    """Take one answer, so that the connection is idle afterwards."""
    head, _, body = read_head(one).partition(b"\r\n\r\n")
    fields = head.lower().split(b"\r\n")
    lengths = [line[15:] for line in fields if line.startswith(b"content-length:")]
    missing = int(lengths[0]) - len(body)
    while missing:
        missing -= len(one.recv(missing))


def read_head(one: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        data += one.recv(65_536)
    return data


def main(address: str, idle: int, slow: int) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    waiting = [connect(address, coding=CODINGS) for _ in range(idle)]
    for one in waiting:
        read_whole(one)
    readers = [connect(address, buffer=SMALLEST_BUFFER) for _ in range(slow)]
    for one in readers:
        one.settimeout(0)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        time.sleep(PAUSE)
        for one in readers:
            with suppress(BlockingIOError):
                one.recv(SIP)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
