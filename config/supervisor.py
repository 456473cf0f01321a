"""Keep `serve`'s child processes running, and end all of them in time."""

from __future__ import annotations

import contextlib
import http.client
import multiprocessing
import os
import signal
import time
from typing import TYPE_CHECKING

from django.core.management.base import CommandError

from config.parent import end_with_parent
from config.postgres.server import leave_all
from config.progress import say

if TYPE_CHECKING:
    from collections.abc import Callable

PAUSE = 0.1
GRACE = 2.5
"""Seconds to end by themselves; 5 are promised, and the database comes after."""
READY = 60.0
SHORT_LIFE = 10.0
LIVES = 3
SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)

# A fork has everything imported already, which is most of the time that a start takes.
FORK = multiprocessing.get_context("fork")


class Child:
    """A process in a session of its own, so that Ctrl-C reaches only `serve`."""

    def __init__(self, name: str, work: Callable[[], None]) -> None:
        self.name = name
        self._work = work
        self._short_lives = 0
        self.start()

    def start(self) -> None:
        self._started = time.monotonic()
        self._process = FORK.Process(target=_child, args=(self._work, os.getpid()))
        self._process.start()

    def restart(self) -> None:
        """Start again; who keeps dying young ends everything.

        Whom somebody kills does not die of a fault of its own: a worker that the
        kernel takes for its memory does not take the pages with it.
        """
        code = self._process.exitcode
        is_killed = code == -signal.SIGKILL
        young = not is_killed and time.monotonic() - self._started < SHORT_LIFE
        self._short_lives = self._short_lives + 1 if young else 0
        if self._short_lives >= LIVES:
            raise CommandError(f"The {self.name} keeps stopping (exit code {code}).")
        say(f"The {self.name} stopped (exit code {code}) and is started again.")
        self.kill()
        self.start()

    def is_running(self) -> bool:
        return self._process.is_alive()

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        """End it and what it started, stopped or hung as they may be."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid or 0, signal.SIGKILL)
        self._process.join()


class Supervisor:
    def __init__(self) -> None:
        self._children: list[Child] = []

    def start(self, name: str, work: Callable[[], None]) -> None:
        self._children.append(Child(name, work))

    def wait_until_ready(self, host: str, port: int, header: str) -> None:
        """Return when `/health/ready` answers 200."""
        deadline = time.monotonic() + READY
        while not _is_ready(host, port, header):
            for child in self._children:
                if not child.is_running():
                    raise CommandError(f"The {child.name} did not start.")
            if time.monotonic() > deadline:
                raise CommandError(f"Nothing was ready after {READY:.0f} seconds.")
            time.sleep(PAUSE)

    def watch(self) -> None:
        """Start again what stops, until a signal ends this."""
        while True:
            for child in self._children:
                if not child.is_running():
                    child.restart()
            time.sleep(PAUSE)

    def stop(self) -> None:
        """End all children; kill those that do not go, at a second signal at once."""
        hurry: list[int] = []
        for number in SIGNALS:
            signal.signal(number, lambda got, _: hurry.append(got))
        for child in self._children:
            child.terminate()
        deadline = time.monotonic() + GRACE
        while any(child.is_running() for child in self._children):
            if hurry or time.monotonic() > deadline:
                break
            time.sleep(PAUSE / 10)
        for child in self._children:
            child.kill()


def end_on_signals() -> None:
    """Turn every signal that means "end" into `KeyboardInterrupt`.

    It is the exception that psycopg takes for a wish to cancel the running statement.
    """
    for number in SIGNALS:
        signal.signal(number, signal.default_int_handler)


def _child(work: Callable[[], None], parent: int) -> None:
    os.setsid()
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    end_with_parent(parent)
    # Standard output is for the two lines that serve promises.
    os.dup2(2, 1)
    try:
        work()
    finally:
        leave_all()


def _is_ready(host: str, port: int, header: str) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/health/ready", headers={"Host": header})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
