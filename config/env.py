"""Typed readers of the environment: one name, one type, one clear complaint.

Nothing here opens a file or a connection. An empty variable counts as absent, so that
`NAME=` in a compose file means "not set".
"""

from __future__ import annotations

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError
from psycopg.conninfo import make_conninfo

if TYPE_CHECKING:
    from collections.abc import Container

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}
DATABASE_FORM = "postgres://user:password@host:5432/name"


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def boolean(name: str, *, default: bool) -> bool:
    value = text(name).lower()
    if value and value not in TRUE | FALSE:
        raise ImproperlyConfigured(f"{name} must be yes or no, not {value!r}.")
    return value in TRUE if value else default


def number(name: str, *, default: int, least: int) -> int:
    value = text(name) or str(default)
    if not (value.isascii() and value.isdecimal() and int(value) >= least):
        raise ImproperlyConfigured(
            f"{name} must be a whole number from {least} on, not {value!r}."
        )
    return int(value)


def path(name: str, default: Path) -> Path:
    """An absolute path; a relative one counts from the working folder."""
    value = text(name)
    return Path(value).expanduser().absolute() if value else default


def words(name: str) -> list[str]:
    """What stands between commas, without the empty ones."""
    return [part.strip() for part in text(name).split(",") if part.strip()]


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    try:
        return [ip_network(word) for word in words(name)]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}.") from error


def origin(name: str, default: str) -> str:
    """`scheme://host[:port]` without a path, as it stands before absolute links."""
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path:
        raise ImproperlyConfigured(
            f"{name} must look like https://blog.example, not {value!r}."
        )
    return value


def address(name: str, url: str, schemes: Container[str], form: str) -> SplitResult:
    """The parts of an address. It may hold a password: no complaint repeats any of it.

    A password that is not encoded can break an address anywhere; the "@" behind it then
    stands where none belongs.
    """
    parts = _split(url)
    if parts is None or "@" in parts.path + parts.query + parts.fragment:
        raise ImproperlyConfigured(
            f"{name} cannot be read: percent-encode what is neither letter nor digit "
            f"in its password (/ is %2F, @ is %40, # is %23). It must look like {form}."
        )
    if parts.scheme not in schemes:
        raise ImproperlyConfigured(f"{name} must look like {form}.")
    return parts


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        # Reading the port raises where it is no number.
        return parts if parts.port != 0 else None
    except ValueError:
        return None


def database(url: str) -> dict[str, object]:
    """Django's `DATABASES` entry for `postgres://user:password@host:port/name?…`.

    A host may be a percent-encoded socket folder, or be given as `?host=/folder`; other
    query parameters (`sslmode`, …) are handed to libpq as they are.
    """
    parts = address("DATABASE_URL", url, {"postgres", "postgresql"}, DATABASE_FORM)
    options = dict(parse_qsl(parts.query))
    try:
        make_conninfo(**options)
    except ProgrammingError as error:
        raise ImproperlyConfigured(f"DATABASE_URL: {str(error).strip()}.") from error
    name = unquote(parts.path.removeprefix("/"))
    if not name:
        raise ImproperlyConfigured("DATABASE_URL names no database after the host.")
    return {
        "ENGINE": "config.postgres.external",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }
