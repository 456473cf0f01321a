from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import socket
import stat
from collections.abc import Callable, Iterator
from functools import partial
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from config.postgres import cluster, processes
from tests.config.conftest import TOO_OLD, Serve, end, manage, query, wait_until

Start = Callable[..., Serve]
FIVE_SECONDS = 5.0
# Nothing is promised of how soon they are back; the machine may have a lot to do.
PATIENCE = 60.0


def is_replaced(serve: Serve, child: int) -> bool:
    children = serve.children()
    return child not in children and len(children) == 2


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Data that the first start fills, and the later ones find."""
    data = tmp_path_factory.mktemp("serve") / "var"
    yield data
    end(data / "postgres")


@pytest.fixture(scope="module")
def shared() -> Iterator[list[tuple[Serve, str]]]:
    """At most one that runs, for all tests that do not end it."""
    kept: list[tuple[Serve, str]] = []
    yield kept
    for serve, _ in kept:
        serve.end()


@pytest.fixture
def running(data: Path, shared: list[tuple[Serve, str]]) -> tuple[Serve, str]:
    if not shared:
        serve = Serve(data, "--port", "0")
        shared.append((serve, serve.origin()))
        # With the owner's line it has said all that it asks the database for.
        assert serve.line().startswith("Set up the owner: ")
    return shared[0]


@pytest.fixture
def start(data: Path, shared: list[tuple[Serve, str]]) -> Iterator[Start]:
    """Start one on the data that nobody else uses."""
    while shared:
        shared.pop()[0].end()
    started: list[Serve] = []

    def serve(*options: str, **variables: str) -> Serve:
        started.append(Serve(data, "--port", "0", *options, **variables))
        return started[-1]

    yield serve
    for one in started:
        one.end()


def connect(origin: str) -> http.client.HTTPConnection:
    address = urlsplit(origin)
    assert address.hostname
    return http.client.HTTPConnection(address.hostname, address.port, timeout=10)


def status(origin: str) -> int:
    connection = connect(origin)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def is_listening(data: Path) -> bool:
    """Whether the worker waits for tasks: serve may be ready before it is."""
    running = cluster.postmaster(data / "postgres" / "data")
    assert running
    statement = "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
    return query(running.folder, statement) is not None


def can_listen(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def is_ready(origin: str) -> bool:
    return status(origin) == HTTPStatus.OK


class TestServe:
    def test_its_first_line_says_where_it_is_ready(
        self, running: tuple[Serve, str], data: Path
    ) -> None:
        _, origin = running

        assert is_ready(origin)
        assert stat.S_IMODE((data / "secret-key").stat().st_mode) == 0o600

    def test_it_ends_in_time_whatever_is_open(self, start: Start, data: Path) -> None:
        serve = start("--bind", "localhost")
        origin = serve.origin()
        owner = rf"Set up the owner: {re.escape(origin)}/accounts/owner/[^/\s]+/\n"
        assert re.fullmatch(owner, serve.line())
        kept = connect(origin)
        kept.request("GET", "/health/live")
        kept.getresponse().read()
        half = socket.create_connection((kept.host, kept.port))
        half.sendall(b"POST /posts/x/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9")
        _, worker = serve.children()
        os.kill(worker, signal.SIGSTOP)

        with contextlib.closing(kept), contextlib.closing(half):
            serve.process.terminate()
            code = serve.process.wait(timeout=FIVE_SECONDS)

        assert code == 0
        assert serve.line() == ""
        assert not processes.of_folder(data / "postgres" / "data")

    def test_children_that_die_are_replaced(self, running: tuple[Serve, str]) -> None:
        serve, origin = running
        before = serve.children()

        for child in before:
            os.kill(child, signal.SIGKILL)

        wait_until(lambda: not set(before) & set(serve.children()), PATIENCE)
        wait_until(lambda: len(serve.children()) == len(before), PATIENCE)
        wait_until(lambda: is_ready(origin), PATIENCE)
        assert "The worker stopped (exit code -9)" in serve.stderr()

    def test_who_kills_the_worker_again_and_again_ends_nothing_else(
        self, running: tuple[Serve, str]
    ) -> None:
        serve, origin = running

        for _ in range(4):
            _, worker = serve.children()
            os.kill(worker, signal.SIGKILL)
            wait_until(partial(is_replaced, serve, worker), PATIENCE)

        assert serve.process.poll() is None
        assert is_ready(origin)

    def test_children_do_not_outlive_a_killed_serve(self, start: Start) -> None:
        serve = start()
        serve.origin()
        children = serve.children()

        serve.process.kill()
        serve.process.wait()

        wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children))

    def test_a_killed_serve_leaves_its_port_free(self, start: Start) -> None:
        serve = start()
        port = connect(serve.origin()).port
        _, worker = serve.children()
        os.kill(worker, signal.SIGSTOP)

        serve.process.kill()
        serve.process.wait()

        try:
            wait_until(lambda: can_listen(port), 3)
        finally:
            os.kill(worker, signal.SIGKILL)

    def test_a_web_server_that_does_not_start_is_named(self, start: Start) -> None:
        serve = start(GUNICORN_CMD_ARGS="--no-such-option")

        assert serve.process.wait(timeout=30) == 1
        assert serve.stderr().endswith("\nThe web server did not start.\n")

    def test_a_database_that_was_killed_comes_back(
        self, running: tuple[Serve, str], data: Path
    ) -> None:
        serve, origin = running
        before = serve.children()
        wait_until(lambda: is_listening(data), 20)

        processes.signal_all(data / "postgres" / "data", signal.SIGKILL)

        wait_until(lambda: is_ready(origin), PATIENCE)
        wait_until(lambda: "The worker lost its database" in serve.stderr(), PATIENCE)
        assert serve.children() == before


class TestRefusal:
    """One sentence, exit code 1."""

    def refuses(self, data: Path, *options: str, **variables: str) -> str:
        result = manage(data, "serve", *options, **variables)
        assert result.returncode == 1
        assert result.stdout == ""
        assert result.stderr.count("\n") == 1, result.stderr
        return result.stderr.strip()

    def test_a_busy_port(self, tmp_path: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = str(other.getsockname()[1])

            said = self.refuses(tmp_path / "var", "--port", port)

        assert said == (
            f"Byline cannot listen on 127.0.0.1, port {port}: Address already in use."
        )

    @pytest.mark.parametrize("port", ["99999", "-1"])
    def test_a_port_that_does_not_exist(self, tmp_path: Path, port: str) -> None:
        said = self.refuses(tmp_path / "var", f"--port={port}")

        assert said == f"A port is a number from 0 to 65535, not {port}."

    @pytest.mark.parametrize("name", ["nowhere.invalid", f"{'x' * 64}.invalid"])
    def test_an_address_that_is_nowhere(self, tmp_path: Path, name: str) -> None:
        said = self.refuses(tmp_path / "var", "--bind", name)

        assert said.startswith(f"Byline cannot listen on {name}, port 8000: ")
        assert "Errno" not in said

    def test_a_bad_database_url(self, tmp_path: Path) -> None:
        said = self.refuses(tmp_path / "var", "--port", "0", DATABASE_URL="nonsense")

        assert said.startswith("DATABASE_URL")

    def test_a_server_that_is_not_there(self, tmp_path: Path) -> None:
        url = "postgres://byline@127.0.0.1:1/byline"

        said = self.refuses(tmp_path / "var", "--port", "0", DATABASE_URL=url)

        assert said.endswith("Connection refused")

    @pytest.mark.parametrize("command", ["serve --port 0", "migrate", "worker"])
    def test_a_server_that_is_too_old(
        self, tmp_path: Path, old_server: str, command: str
    ) -> None:
        result = manage(
            tmp_path / "var",
            *command.split(),
            DATABASE_URL=old_server,
            SECRET_KEY="x" * 50,
        )

        assert (result.returncode, result.stdout, result.stderr) == (1, "", TOO_OLD)

    @pytest.mark.parametrize(
        ("how", "below"),
        [("a file", ""), ("a file", "var"), ("a dangling link", ""), ("a circle", "")],
    )
    def test_data_that_cannot_be_kept(
        self, tmp_path: Path, how: str, below: str
    ) -> None:
        place = tmp_path / "data"
        match how:
            case "a file":
                place.touch()
            case "a dangling link":
                place.symlink_to(tmp_path / "nowhere" / "at all")
            case "a circle":
                place.symlink_to(place)

        said = self.refuses(place / below, "--port", "0")

        assert said.startswith(f"Byline cannot use {place}")

    def test_a_file_where_the_cluster_should_be(self, tmp_path: Path) -> None:
        (tmp_path / "postgres").touch()

        said = self.refuses(tmp_path, "--port", "0")

        assert said == (
            f"Byline cannot keep its data in {tmp_path}/postgres: {tmp_path}/postgres: "
            "it exists and is not a folder."
        )

    def test_a_secret_key_that_is_a_folder(self, tmp_path: Path) -> None:
        (tmp_path / "secret-key").mkdir()

        said = self.refuses(tmp_path, "--port", "0")

        assert said.endswith(f"from {tmp_path}/secret-key: Is a directory.")

    def test_other_commands_say_it_too(self, tmp_path: Path) -> None:
        data = tmp_path / "postgres" / "data"
        data.mkdir(parents=True)
        (data / "PG_VERSION").write_text("17\n")

        result = manage(tmp_path, "migrate", SECRET_KEY="x" * 50)

        assert result.returncode == 1
        assert "was made by PostgreSQL 17" in result.stderr
        assert "Traceback" not in result.stderr
