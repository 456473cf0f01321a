"""What an operator can mend ends with one sentence and exit code 1, not a traceback.

That is a setting that cannot be read, a database that cannot be reached, a disk that is
full or closed. `--traceback` shows where it came from.
"""

from __future__ import annotations

import os
import signal
import sys

import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, execute_from_command_line
from django.db import Error, NotSupportedError

from config import disk, listener
from config.postgres.errors import ServerError

OUTSIDE = {"08", "28", "3D", "53", "57"}
"""Classes of SQL states that speak of the server, not of the query."""


def run(argv: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        if argv[1:2] == ["serve"]:
            listener.open_early(argv[2:])
        execute_from_command_line(argv)
    except (CommandError, ImproperlyConfigured, Error, OSError) as error:
        sentence = explain(error)
        if not sentence or "--traceback" in argv:
            raise
        sys.exit(sentence)
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


def explain(error: Exception) -> str | None:
    """The sentence for an error that is the operator's to mend; else `None`."""
    match error:
        case CommandError() | ImproperlyConfigured() | NotSupportedError():
            return str(error)
        case ServerError():
            return str(error)
        case Error() if _is_outside(error.__cause__):
            return f"The database cannot be used: {_first_line(error)}"
        case OSError() if error.errno in disk.UNUSABLE:
            where = error.filename or "its disk"
            return f"Byline cannot use {where}: {disk.reason(error)}."
    return None


def _is_outside(cause: BaseException | None) -> bool:
    if not isinstance(cause, psycopg.OperationalError):
        return False
    return cause.sqlstate is None or cause.sqlstate[:2] in OUTSIDE


def _first_line(error: Exception) -> str:
    said = str(error).strip()
    if disk.is_called_full(said):
        return "the disk is full."
    return said.partition("\n")[0]
