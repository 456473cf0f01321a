"""The socket that `serve` answers on, opened before anything else is loaded.

So a busy port is known at once, and the settings can be read with the address that the
blog will have.
"""

from __future__ import annotations

import argparse
import functools
import os
import socket

from django.core.management.base import CommandError

BACKLOG = 2048
LAST_PORT = 65535


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8000, help="0 takes a free one")
    parser.add_argument("--bind", default="127.0.0.1", help="the address to listen on")


def open_early(argv: list[str]) -> None:
    """Listen as these arguments say, and make that the origin unless one is set."""
    parser = argparse.ArgumentParser(add_help=False)
    add_arguments(parser)
    if {"-h", "--help"} & set(argv):
        return
    options, _ = parser.parse_known_args(argv)
    listener = listen(options.bind, options.port)
    if not os.environ.get("BYLINE_ORIGIN"):
        os.environ["BYLINE_ORIGIN"] = origin(options.bind, listener)


@functools.cache
def listen(bind: str, port: int) -> socket.socket:
    """The listening socket: the same one however often it is asked for."""
    if not 0 <= port <= LAST_PORT:
        raise CommandError(f"A port is a number from 0 to {LAST_PORT}, not {port}.")
    try:
        family, _, _, _, address = socket.getaddrinfo(
            bind, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        return socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except (OSError, UnicodeError) as error:
        raise CommandError(
            f"Byline cannot listen on {bind}, port {port}: {_reason(error)}."
        ) from error


def _reason(error: OSError | UnicodeError) -> str:
    match error:
        case UnicodeError():
            return "no host can have this name"
        case socket.gaierror():
            return error.strerror or str(error)
    return os.strerror(error.errno or 0)


def origin(bind: str, listener: socket.socket) -> str:
    host = f"[{bind}]" if ":" in bind else bind
    return f"http://{host}:{listener.getsockname()[1]}"
