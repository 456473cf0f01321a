"""The embedded server's life: started by the first who needs it, stopped by the last.

Everybody who uses the server holds a shared lock on `users` in its folder as long as he
lives. Starting and stopping happen under an exclusive lock on `lock`. So there is no
list to keep: whoever gets `users` for himself alone is the last, and a process that was
killed has left by that.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import pwd
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from config import disk
from config.postgres import binaries, cluster, locks, os_user, processes
from config.postgres.errors import ServerError
from config.progress import progress

if TYPE_CHECKING:
    from collections.abc import Iterator

SOCKET = ".s.PGSQL.5432"
PREFIX = "byline-"
LONGEST_SOCKET = 99
FILES = (SOCKET, f"{SOCKET}.lock", "pg_hba.conf", "pg_ident.conf")
LOG_SIZE = 1024 * 1024

PAUSE = 0.01
STALLED = 120.0
"""Seconds without any sign of progress after which a start is given up."""
ANSWER = 10
"""Seconds after which a server that runs and says nothing is taken for hung."""
PATIENCE = 2.0
"""Seconds that a process which once had the server waits for it to come back."""
GRACE = 1.5
"""Seconds for an orderly stop; after that it is a crash that the next start mends."""

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "max_wal_size": "256MB",
    "huge_pages": "off",
    "jit": "off",
    "lc_messages": "C",
    "log_timezone": "UTC",
    "timezone": "UTC",
    # The application reports its own failed queries, so this file hardly grows.
    "log_min_messages": "log",
    "log_checkpoints": "off",
    "log_startup_progress_interval": "2s",
}


class Server:
    def __init__(self, home: Path) -> None:
        self.home = home.absolute()
        self.data = self.home / "data"
        self.log = self.home / "log"
        self._reset()

    def _reset(self) -> None:
        self._turn = threading.Lock()
        self._users: int | None = None
        self._locked: int | None = None
        self._databases: set[str] = set()
        self._child: subprocess.Popen[bytes] | None = None
        self._silence = 0
        self._folder = Path()

    def join(self, database: str | None) -> Path:
        """The folder of the running server's socket; starts the server if need be.

        The first call in a process waits for a start or a recovery as long as that
        makes progress. Later ones, when the server went away meanwhile, bring it back
        too, but give up after two seconds: behind them somebody waits for a page.
        """
        if self._users is not None and (
            database is None or database in self._databases
        ):
            running = cluster.postmaster(self.data)
            if running and running.status == "ready":
                return running.folder
        deadline = None if self._users is None else time.monotonic() + PATIENCE
        if not self._turn.acquire(timeout=-1 if deadline is None else PATIENCE):
            raise ServerError("PostgreSQL is being started.")
        try:
            return self._join(database, deadline)
        except locks.Busy:
            raise ServerError("PostgreSQL is being started.") from None
        except OSError as error:
            where = error.filename or self.home
            raise ServerError(
                f"Byline cannot keep its data in {self.home}: {where}: "
                f"{disk.reason(error)}."
            ) from error
        finally:
            self._turn.release()

    def _join(self, database: str | None, deadline: float | None) -> Path:
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with progress("Starting PostgreSQL"), self._alone(deadline):
            self._trim_log()
            newcomer = self._users is None
            if newcomer:
                self._arrive()
            try:
                folder = self._entered(database, deadline)
            except BaseException:
                if newcomer:
                    self._stop_if_last()
                    self._depart()
                raise
        return folder

    def _trim_log(self) -> None:
        """Keep the log small. The server appends, so it goes on at the new end."""
        self._silence = self.log.stat().st_size if self.log.exists() else 0
        if self._silence > LOG_SIZE:
            os.truncate(self.log, 0)
            self._silence = 0

    def leave(self) -> None:
        """Stop the server unless somebody else still uses it."""
        if self._users is None:
            return
        patience = time.monotonic() + PATIENCE
        with contextlib.suppress(locks.Busy, OSError), self._alone(patience):
            self._stop_if_last()
        self._depart()

    def forget(self) -> None:
        """In a forked child: its parent's locks stay its parent's."""
        for handle in (self._users, self._locked):
            if handle is not None:
                os.close(handle)
        if self._child:
            self._child.returncode = 0
        self._reset()

    # Locks

    @contextlib.contextmanager
    def _alone(self, deadline: float | None) -> Iterator[None]:
        with locks.exclusive(self.home / "lock", deadline) as self._locked:
            try:
                yield
            finally:
                self._locked = None

    def _arrive(self) -> None:
        self._users = locks.open_lock(self.home / "users")
        locks.share(self._users)

    def _depart(self) -> None:
        if self._users is not None:
            os.close(self._users)
        self._users = None
        self._databases.clear()

    # Starting

    def _entered(self, database: str | None, deadline: float | None) -> Path:
        """The folder of a server that answers. A hung one that is nobody's is ended."""
        try:
            return self._enter(database, deadline)
        except psycopg.errors.ConnectionTimeout:
            if not self._stop_if_last():
                raise ServerError(
                    f"PostgreSQL runs but has not answered for {ANSWER} seconds "
                    f"(see {self.log})."
                ) from None
        return self._enter(database, deadline)

    def _enter(self, database: str | None, deadline: float | None) -> Path:
        folder = self._running(deadline)
        if database and database not in self._databases:
            _make_database(folder, database)
            self._databases.add(database)
        return folder

    def _running(self, deadline: float | None) -> Path:
        running = cluster.postmaster(self.data)
        if running and running.status == "stopping":
            self._wait_while_stopping(running.pid, deadline)
            running = None
        if not running:
            self._clear_away(deadline)
            self._start()
        return self._wait_until_ready(deadline)

    def _wait_while_stopping(self, pid: int, deadline: float | None) -> None:
        try:
            self._wait_for_end(pid, deadline or time.monotonic() + ANSWER)
        except locks.Busy:
            if deadline:
                raise

    def _clear_away(self, deadline: float | None) -> None:
        """End what a killed server left behind; its data folder is then nobody's."""
        patience = time.monotonic() + 1.0
        for number in (signal.SIGQUIT, signal.SIGKILL, None):
            while processes.of_folder(self.data):
                if time.monotonic() > patience:
                    break
                time.sleep(PAUSE)
            else:
                break
            if number is None or (deadline and time.monotonic() > deadline):
                raise ServerError(
                    f"Processes of an earlier PostgreSQL still work in {self.data}."
                )
            processes.signal_all(self.data, number)
            patience = time.monotonic() + 2.0
        stale = cluster.recorded(self.data)
        if stale:
            _remove_socket_folder(stale.folder)
        # PostgreSQL itself takes a reused number in this file for a living server.
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _start(self) -> None:
        user = os_user.server_user(self.data)
        if not self.data.exists():
            cluster.make(self.data, user)
        cluster.refuse_unusable(self.data)
        self._folder = folder = _make_socket_folder(self.home, user)
        settings = SETTINGS | {
            "unix_socket_directories": str(folder),
            "hba_file": str(folder / "pg_hba.conf"),
            "ident_file": str(folder / "pg_ident.conf"),
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        program = binaries.folder(shared=user is not None) / "postgres"
        with (
            cluster.running_as(user, self.data) as arguments,
            self.log.open("ab") as log,
        ):
            command = [str(program), "-D", arguments.pop("data"), *options]
            self._child = subprocess.Popen(command, stdout=log, stderr=log, **arguments)

    def _wait_until_ready(self, deadline: float | None) -> Path:
        """Wait while the server starts, be it through a long recovery."""
        seen, seen_at = None, time.monotonic()
        while True:
            running = cluster.postmaster(self.data)
            if running and running.status == "ready":
                return running.folder
            if not running and not self._child_lives():
                _remove_socket_folder(self._folder)
                raise ServerError(
                    f"PostgreSQL did not start: {self._complaint()} (see {self.log})."
                )
            now = time.monotonic()
            if deadline and now > deadline:
                raise ServerError("PostgreSQL is being started.")
            sign = (self.log.stat().st_size, processes.of_folder(self.data))
            if sign != seen:
                seen, seen_at = sign, now
            elif now - seen_at > STALLED:
                processes.signal_all(self.data, signal.SIGQUIT)
                raise ServerError(
                    f"PostgreSQL made no progress for {STALLED:.0f} seconds while "
                    f"starting (see {self.log})."
                )
            time.sleep(PAUSE)

    def _child_lives(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def _complaint(self) -> str:
        said = self.log.read_text(errors="replace")[self._silence :]
        return cluster.complaint(self.data, said)

    # Stopping

    def _stop_if_last(self) -> bool:
        if self._users is None:
            return False
        is_last = locks.try_exclusive(self._users)
        if is_last:
            self._stop()
        # To ask for more gave up what there was, also where it was refused.
        locks.share(self._users)
        return is_last

    def _stop(self) -> None:
        """Ask, demand, and in the end kill: processes may be stopped or hang."""
        running = cluster.postmaster(self.data)
        if not running:
            return
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            with contextlib.suppress(locks.Busy, ProcessLookupError):
                if number == signal.SIGKILL:
                    processes.signal_all(self.data, number)
                else:
                    os.kill(running.pid, number)
                self._wait_for_end(running.pid, time.monotonic() + GRACE)
                break
        _remove_socket_folder(running.folder)

    def _wait_for_end(self, pid: int, deadline: float) -> None:
        # Its file goes a moment before it does.
        while processes.is_postgres(pid, self.data):
            self._child_lives()
            if time.monotonic() > deadline:
                raise locks.Busy
            time.sleep(PAUSE)


def _make_socket_folder(home: Path, user: pwd.struct_passwd | None) -> Path:
    """A new folder for the socket: the server's alone, and short of path.

    The folder keeps strangers out. Its owner and root come in, under one name in the
    database; both files are written at every start, so that data may move to a machine
    where its owner has another name.
    """
    first = Path("/run") if user else home
    bases = [first, Path(tempfile.gettempdir()), Path("/tmp")]  # noqa: S108
    base = next(base for base in bases if base.is_dir() and _is_short(base))
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base))
    owner = user or pwd.getpwuid(os.geteuid())
    names = "".join(
        f'byline "{name}" {cluster.OWNER}\n' for name in ("root", owner.pw_name)
    )
    (folder / "pg_ident.conf").write_text(names)
    (folder / "pg_hba.conf").write_text("local all all peer map=byline\n")
    if user:
        for path in (*folder.iterdir(), folder):
            os.chown(path, user.pw_uid, user.pw_gid)
    return folder


def _is_short(base: Path) -> bool:
    longest = base / f"{PREFIX}12345678" / SOCKET
    return len(os.fsencode(longest)) <= LONGEST_SOCKET


def _remove_socket_folder(folder: Path) -> None:
    if not folder.name.startswith(PREFIX):
        return
    with contextlib.suppress(OSError):
        for name in FILES:
            (folder / name).unlink(missing_ok=True)
        folder.rmdir()


def _make_database(folder: Path, name: str) -> None:
    with psycopg.connect(
        host=str(folder),
        user=cluster.OWNER,
        dbname="postgres",
        connect_timeout=ANSWER,
        autocommit=True,
    ) as connection:
        query = "SELECT 1 FROM pg_database WHERE datname = %s"
        if not connection.execute(query, [name]).fetchone():
            statement = sql.SQL("CREATE DATABASE {} TEMPLATE template0")
            connection.execute(statement.format(sql.Identifier(name)))


_servers: list[Server] = []


def leave_all() -> None:
    """Leave now what this process would leave when it exits."""
    for server in _servers:
        server.leave()


@functools.cache
def server_at(home: Path) -> Server:
    """The one `Server` that this process has for a folder."""
    server = Server(home)
    _servers.append(server)
    atexit.register(server.leave)
    os.register_at_fork(after_in_child=server.forget)
    return server
