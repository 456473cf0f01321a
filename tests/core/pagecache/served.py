"""The blog as gunicorn serves it: two processes, on the database of the tests."""

from __future__ import annotations

import contextlib
import http.client
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from tests.config.conftest import CHECKOUT, environment, free_port

WORKERS = 2


def url_of_database(host: str | None = None, port: int | None = None) -> str:
    """Where the tests' database is, or where a stand-in for it listens."""
    params = connection.get_connection_params()
    user = quote(str(params.get("user", "")))
    password = quote(str(params.get("password", "")))
    who = f"{user}:{password}" if password else user
    place = host or quote(str(params["host"]), safe="")
    number = port or params.get("port") or 5432
    return f"postgres://{who}@{place}:{number}/{params['dbname']}"


class Gunicorn:
    def __init__(self, data: Path, database: str, **variables: str) -> None:
        self.port = free_port()
        self.log = (data / "gunicorn.log").open("a+")
        chosen = {
            "DATABASE_URL": database,
            "SECRET_KEY": str(settings.SECRET_KEY),
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "WEB_CONCURRENCY": str(WORKERS),
            "BYLINE_ORIGIN": f"http://127.0.0.1:{self.port}",
        }
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "gunicorn",
                "-c",
                "config/gunicorn.py",
                f"--bind=127.0.0.1:{self.port}",
            ],
            cwd=CHECKOUT,
            env=environment(data, **(chosen | variables)),
            stdout=self.log,
            stderr=self.log,
        )

    def wait(self) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                if self.get("/health/live")[0] == 200:
                    return
            time.sleep(0.05)
        raise AssertionError(self.said())

    def said(self) -> str:
        self.log.seek(0)
        return self.log.read()

    def connect(self, timeout: float = 10) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def get(
        self,
        path: str,
        headers: Mapping[str, str] | None = None,
        *,
        kept: http.client.HTTPConnection | None = None,
    ) -> tuple[int, dict[str, str], bytes]:
        used = kept or self.connect()
        try:
            used.request("GET", path, headers=dict(headers or {}))
            answer = used.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, named, answer.read()
        finally:
            if kept is None:
                used.close()

    def open(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)

    def send(self, data: bytes, *, seconds: float = 5) -> bytes:
        """Everything that comes back, until the server closes or falls silent."""
        with self.open() as client:
            client.sendall(data)
            return drain(client, seconds)

    def workers(self) -> list[int]:
        pid = self.process.pid
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        return [int(word) for word in text.split()]

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()


def drain(client: socket.socket, seconds: float) -> bytes:
    got = b""
    client.settimeout(seconds)
    with contextlib.suppress(OSError):
        while chunk := client.recv(65536):
            got += chunk
    return got


class StandIn:
    """Stands before the database, or `target`, and can fail as the network does.

    `mode` is `through`; `refuse` (closed at once); `silent` (accepted, never answered);
    `slow` (every byte late). What was open before goes on only when it is `through`.
    """

    def __init__(self, target: tuple[str, int] | None = None) -> None:
        params = connection.get_connection_params()
        database = (str(params["host"]), int(params.get("port") or 5432))
        self._target = target or database
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port = self._listener.getsockname()[1]
        self.mode = "through"
        self._open: list[socket.socket] = []
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def fail(self, mode: str) -> None:
        self.mode = mode
        if mode == "refuse":
            self._drop()

    def mend(self) -> None:
        self.mode = "through"

    def end(self) -> None:
        self._ended.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._drop()
        for thread in self._threads:
            thread.join()

    def _drop(self) -> None:
        for one in list(self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                if self.mode == "refuse":
                    client.close()
                    continue
                self._open.append(client)
                thread = threading.Thread(target=self._serve, args=(client,))
                self._threads.append(thread)
                thread.start()

    def _serve(self, client: socket.socket) -> None:
        if self.mode == "silent":
            # Whoever waits for a greeting now has none later either.
            with client:
                self._ended.wait(30)
            return
        server = self._connect()
        self._open.append(server)
        # Whichever end is closed first ends both.
        with client, server, contextlib.suppress(OSError, ValueError):
            ends = {client: server, server: client}
            while not self._ended.is_set():
                for end in select.select(list(ends), [], [], 0.2)[0]:
                    data = end.recv(65536)
                    if not data:
                        return
                    while self.mode == "silent" and not self._ended.is_set():
                        time.sleep(0.02)
                    if self.mode == "slow":
                        time.sleep(0.7)
                    ends[end].sendall(data)

    def _connect(self) -> socket.socket:
        host, port = self._target
        if host.startswith("/"):
            server = socket.socket(socket.AF_UNIX)
            server.connect(f"{host}/.s.PGSQL.{port}")
            return server
        return socket.create_connection(self._target)


def kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def in_background(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread
