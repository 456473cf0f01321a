"""A server that answers as it is told."""

from __future__ import annotations

import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread

import pytest

STALL = 0.4


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def do_GET(self) -> None:
        with self.server.lock:
            self.server.requests += 1
            if self.path == "/stall/" and self.server.requests == self.server.stalls_at:
                time.sleep(STALL)
        time.sleep(self.server.delay)
        if self.path == "/chunked/":
            self.answer(
                b"5\r\nWords\r\n1\r\n!\r\n0\r\n\r\n", "Transfer-Encoding: chunked"
            )
        elif self.path == "/gone/":
            self.send_error(410)
        elif self.path == "/closing/":
            self.answer(b"Words", "Content-Length: 5")
            # Without a word: the client finds out when it asks again.
            self.close_connection = True
        else:
            self.answer(b"Words", "Content-Length: 5")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        said = body + b" " + self.headers.get("Cookie", "").encode()
        self.answer(said, f"Content-Length: {len(said)}")

    def answer(self, body: bytes, framing: str) -> None:
        self.send_response(200)
        name, _, value = framing.partition(": ")
        self.send_header(name, value)
        self.send_header("Set-Cookie", "csrf=token; HttpOnly; Path=/")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    request_queue_size = 100
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.lock = Lock()
        self.delay = 0.0
        self.connections = self.requests = self.stalls_at = 0
        self.url = f"http://127.0.0.1:{self.server_port}/"

    def handle_error(self, *arguments: object) -> None:
        """Whoever only makes load leaves without a word."""


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()
