"""The data on disk: made by `initdb`, known by its version and its pid file."""

from __future__ import annotations

import locale
import os
import shutil
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config import disk
from config.postgres import binaries, processes
from config.postgres.errors import ServerError

if TYPE_CHECKING:
    import pwd
    from collections.abc import Iterator

OWNER = "byline"
FULL = 1024 * 1024


@dataclass(frozen=True)
class Postmaster:
    """A living server, as it describes itself in `postmaster.pid`."""

    pid: int
    folder: Path
    status: str


def recorded(data: Path) -> Postmaster | None:
    """What `postmaster.pid` says, true or not."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        return Postmaster(int(lines[0]), Path(lines[4]), lines[7].strip())
    except (OSError, ValueError, IndexError):
        return None


def postmaster(data: Path) -> Postmaster | None:
    found = recorded(data)
    return found if found and processes.is_postgres(found.pid, data) else None


@contextmanager
def running_as(user: pwd.struct_passwd | None, data: Path) -> Iterator[dict[str, Any]]:
    """`subprocess` arguments for PostgreSQL's programs, and `data` as they may say it.

    Another OS user may be unable to enter the folders above `data`, and opening these
    is not ours to do. So the programs get the folder as an open handle, which needs no
    right on the way to it: `/proc/self/fd/N` leads there, and PostgreSQL, once it works
    in its data folder, uses relative paths and gives the handle to its children.
    """
    arguments: dict[str, Any] = {
        "stdin": subprocess.DEVNULL,
        "cwd": "/",
        "env": {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
        "umask": 0o077,
        "start_new_session": True,
    }
    if user is None:
        yield arguments | {"data": str(data)}
        return
    handle = os.open(data, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield arguments | {
            "data": f"/proc/self/fd/{handle}",
            "pass_fds": [handle],
            "user": user.pw_uid,
            "group": user.pw_gid,
            "extra_groups": [],
        }
    finally:
        os.close(handle)


def make(data: Path, user: pwd.struct_passwd | None) -> None:
    """Create the cluster, all or nothing: half of one never stands at `data`."""
    new = data.with_name(f"{data.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    try:
        if user:
            os.chown(new, user.pw_uid, user.pw_gid)
        _initdb(new, user)
        new.rename(data)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise


def _initdb(new: Path, user: pwd.struct_passwd | None) -> None:
    with running_as(user, new) as arguments:
        command = [
            str(binaries.folder(shared=user is not None) / "initdb"),
            f"--pgdata={arguments.pop('data')}",
            f"--username={OWNER}",
            "--auth=peer",
            "--encoding=UTF8",
            "--locale=C",
            f"--lc-ctype={_ctype()}",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions",
        ]
        try:
            result = subprocess.run(
                command, capture_output=True, text=True, check=False, **arguments
            )
        except OSError as error:
            raise ServerError(
                f"PostgreSQL's program initdb cannot be run ({error.strerror})."
            ) from error
    if result.returncode:
        reason = complaint(new, result.stderr)
        raise ServerError(f"PostgreSQL could not be set up in {new.parent}: {reason}.")


def _ctype() -> str:
    """C.UTF-8 where the machine has it: `pg_trgm` asks the OS what a letter is."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        return locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def refuse_unusable(data: Path) -> None:
    """Raise unless `data` is a cluster of the version that is here."""
    try:
        version = (data / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        raise ServerError(
            f"{data} is no PostgreSQL data folder: move it away to begin anew."
        ) from None
    if version != binaries.major():
        raise ServerError(
            f"{data} was made by PostgreSQL {version}, and this is PostgreSQL "
            f"{binaries.major()}: dump it with the old version and load it here, or "
            "move the folder away to begin anew."
        )


def complaint(folder: Path, output: str) -> str:
    """The reason in what a program of PostgreSQL said before it ended."""
    state = os.statvfs(folder)
    if disk.is_called_full(output) or state.f_bavail * state.f_frsize < FULL:
        return "the disk is full"
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    for line in reversed(lines):
        for mark in ("FATAL:", "PANIC:", "error:", "could not"):
            if mark in line:
                return line[line.index(mark) :].removeprefix(mark).strip(" .")
    return lines[-1].rstrip(".") if lines else "it ended without a word"
