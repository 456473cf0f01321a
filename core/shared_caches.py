"""Caches that others run before Byline, and how each is told what to forget."""

from __future__ import annotations

import http.client
import json
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from itertools import batched
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    type Headers = list[tuple[bytes, bytes]]

TIMEOUT = 4.0
# What `http.client` refuses in a header it repeats in its complaint.
SECRET = re.compile(r"[\w.~+/=-]+", re.ASCII)
WORD = re.compile(r"\w+", re.ASCII)
EXAMPLES = (
    "varnish://127.0.0.1:6081, fastly://TOKEN@SERVICE_ID or cloudflare://TOKEN@ZONE_ID"
)


class PurgeError(Exception):
    """It was not told. The message names no secret."""


class SharedCache(ABC):
    """Holds pages for as long as `hold` says, forgets tags when `purge` says so."""

    name: str
    batch: int
    """Tags in one request."""

    @abstractmethod
    def hold(self, seconds: int, tags: Collection[str]) -> Headers:
        """The headers by which this cache, and no other, keeps a page."""

    @abstractmethod
    def forget(self, tags: Sequence[str]) -> None:
        """One request for at most `batch` tags."""

    def purge(self, tags: Collection[str]) -> None:
        """Have every page forgotten that carries one of the tags, or raise
        `PurgeError`. Twice does no harm."""
        for some in batched(sorted(tags), self.batch):
            self.forget(some)

    def send(
        self, method: str, url: str, headers: dict[str, str], body: bytes = b""
    ) -> bytes:
        parts = urlsplit(url)
        connect = (
            http.client.HTTPSConnection
            if parts.scheme == "https"
            else http.client.HTTPConnection
        )
        connection = connect(str(parts.hostname), parts.port, timeout=TIMEOUT)
        try:
            connection.request(method, parts.path, body or None, headers)
            answer = connection.getresponse()
            said = answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise PurgeError(f"{self.name} cannot be reached: {error}") from None
        finally:
            connection.close()
        if answer.status != http.HTTPStatus.OK:
            raise PurgeError(f"{self.name} answered {answer.status}.")
        return said


def surrogate(seconds: int, tags: Collection[str]) -> Headers:
    return [
        (b"surrogate-control", f"max-age={seconds}".encode()),
        (b"surrogate-key", " ".join(sorted(tags)).encode()),
    ]


@dataclass(frozen=True)
class Varnish(SharedCache):
    """`BAN` with a pattern of tags; docs/howto/behind-a-cache.md has its VCL."""

    url: str
    name = "Varnish"
    batch = 200

    def hold(self, seconds: int, tags: Collection[str]) -> Headers:
        return surrogate(seconds, tags)

    def forget(self, tags: Sequence[str]) -> None:
        # A ban takes no blanks.
        pattern = rf"(^|\s)({'|'.join(map(re.escape, tags))})(\s|$)"
        self.send("BAN", f"{self.url}/", {"Surrogate-Key-Pattern": pattern})


@dataclass(frozen=True)
class Fastly(SharedCache):
    """Soft purge of many keys: what is forgotten is still there if we are not."""

    token: str = field(repr=False)
    service: str
    api: str = "https://api.fastly.com"
    name = "Fastly"
    batch = 256

    def hold(self, seconds: int, tags: Collection[str]) -> Headers:
        return surrogate(seconds, tags)

    def forget(self, tags: Sequence[str]) -> None:
        headers = {
            "Fastly-Key": self.token,
            "Fastly-Soft-Purge": "1",
            "Content-Type": "application/json",
            "Accept": "application/json",
        }
        body = json.dumps({"surrogate_keys": list(tags)}).encode()
        self.send("POST", f"{self.api}/service/{self.service}/purge", headers, body)


@dataclass(frozen=True)
class Cloudflare(SharedCache):
    token: str = field(repr=False)
    zone: str
    api: str = "https://api.cloudflare.com"
    name = "Cloudflare"
    batch = 100

    def hold(self, seconds: int, tags: Collection[str]) -> Headers:
        return [
            (b"cdn-cache-control", f"max-age={seconds}".encode()),
            (b"cache-tag", ",".join(sorted(tags)).encode()),
        ]

    def forget(self, tags: Sequence[str]) -> None:
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
        }
        url = f"{self.api}/client/v4/zones/{self.zone}/purge_cache"
        said = self.send("POST", url, headers, json.dumps({"tags": tags}).encode())
        if not succeeded(said):
            raise PurgeError(f"{self.name} did not purge.")


def succeeded(said: bytes) -> bool:
    try:
        answer = json.loads(said)
    except ValueError:
        return False
    return isinstance(answer, dict) and answer.get("success") is True


def shared_cache(url: str) -> SharedCache | None:
    """What `BYLINE_PURGE` names; a complaint that does not repeat it."""
    if not url:
        return None
    scheme, _, rest = url.partition("://")
    # Not by `urlsplit`: it makes a host lower-case, and these are not hosts.
    secret, _, target = rest.rstrip("/").rpartition("@")
    secret = unquote(secret)
    if scheme == "varnish" and not secret:
        return varnish(target)
    if SECRET.fullmatch(secret) and WORD.fullmatch(target):
        if scheme == "fastly":
            return Fastly(secret, target)
        if scheme == "cloudflare":
            return Cloudflare(secret, target)
    raise ImproperlyConfigured(f"BYLINE_PURGE must look like {EXAMPLES}.")


def varnish(place: str) -> Varnish:
    try:
        parts = urlsplit(f"http://{place}")
        host, port = parts.hostname, parts.port or 6081
    except ValueError:
        host, port = None, 0
    if not host or parts.netloc != place:
        raise ImproperlyConfigured(f"BYLINE_PURGE must look like {EXAMPLES}.")
    return Varnish(f"http://{f'[{host}]' if ':' in host else host}:{port}")
