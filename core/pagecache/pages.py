"""Finished pages: bytes in every coding that was asked for, and their headers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from core.pagecache.codings import DECOMPRESS, IDENTITY, SMALLEST, encode

if TYPE_CHECKING:
    from collections.abc import Iterable

    type Headers = list[tuple[bytes, bytes]]
    type Message = dict[str, Any]

HIT = b"byline; hit"
MISS = b"byline; fwd=miss"
STALE = b"byline; fwd=stale"
REVALIDATE = b"public, max-age=0, must-revalidate"
NO_STORE = b"no-store"

OVERHEAD = 2_500
"""Bytes of a page beside its bodies: headers, messages, its place in the tables."""
OVERHEAD_OF_TAG = 150

# What is said anew for every representation.
OWN = {
    b"cache-control",
    b"content-encoding",
    b"content-length",
    b"etag",
    b"vary",
}
IN_NOT_MODIFIED = {b"cache-control", b"cache-status", b"etag", b"vary"}


class Key(NamedTuple):
    """What a public page depends on, and nothing else."""

    scheme: str
    host: str
    path: str
    query: str


@dataclass(slots=True)
class Answer:
    """What an application said, read whole."""

    status: int
    headers: Headers
    body: bytes


@dataclass(slots=True)
class Representation:
    """A page in one coding, with the messages that a hit sends."""

    etag: bytes
    headers: Headers
    body: bytes
    start: Message
    content: Message
    not_modified: Message

    @classmethod
    def of(
        cls, status: int, etag: str, headers: Headers, body: bytes, said: Headers
    ) -> Representation:
        """`said` are the headers that another answer than a hit replaces."""
        headers = [
            *headers,
            (b"content-length", str(len(body)).encode()),
            (b"etag", etag.encode()),
        ]
        full = headers + said
        return cls(
            etag.encode(),
            headers,
            body,
            start(status, full),
            content(body),
            start(304, bare(full)),
        )


@dataclass(slots=True)
class Page:
    key: Key
    status: int
    headers: Headers
    tags: frozenset[str]
    digest: str
    expires: float = 0.0
    is_outdated: bool = False
    bodies: dict[str, Representation] = field(default_factory=dict)

    @classmethod
    def of(cls, key: Key, answer: Answer, tags: Iterable[str]) -> Page:
        kept = [(n, v) for n, v in answer.headers if n.lower() not in OWN]
        kept.append((b"vary", b"Accept-Encoding"))
        kept.append((b"surrogate-key", " ".join(sorted(tags)).encode()))
        digest = hashlib.sha256(answer.body).hexdigest()[:32]
        return cls(key, answer.status, kept, frozenset(tags), digest)

    def is_fresh(self, now: float) -> bool:
        return not self.is_outdated and now < self.expires

    def represent(self, coding: str, body: bytes | None = None) -> Representation:
        """The page in this coding, made once, from what is there of it."""
        known = self.bodies.get(coding)
        if known is not None:
            return known
        if body is None:
            source = IDENTITY if IDENTITY in self.bodies else next(iter(self.bodies))
            body = DECOMPRESS[source](self.bodies[source].body)
        etag, headers = f'"{self.digest}"', self.headers
        if coding != IDENTITY and len(body) >= SMALLEST:
            etag = f'"{self.digest}-{coding}"'
            headers = [*headers, (b"content-encoding", coding.encode())]
            body = encode(body, coding)
        made = Representation.of(self.status, etag, headers, body, said(HIT))
        self.bodies[coding] = made
        return made

    @property
    def size(self) -> int:
        # Another thread may be adding one.
        bodies = sum(len(made.body) for made in list(self.bodies.values()))
        fixed = OVERHEAD * (1 + len(self.bodies)) + OVERHEAD_OF_TAG * len(self.tags)
        return fixed + bodies


def said(cache_status: bytes, control: bytes = REVALIDATE) -> Headers:
    return [(b"cache-control", control), (b"cache-status", cache_status)]


def start(status: int, headers: Headers) -> Message:
    return {"type": "http.response.start", "status": status, "headers": headers}


def content(body: bytes) -> Message:
    return {"type": "http.response.body", "body": body}


EMPTY = content(b"")


def bare(headers: Headers) -> Headers:
    """Those that a 304 repeats."""
    return [(name, value) for name, value in headers if name in IN_NOT_MODIFIED]


def matches(etag: bytes, wanted: bytes) -> bool:
    """Whether `If-None-Match` names this tag (weakly compared, RFC 9110 13.1.2)."""
    if wanted == etag:
        return True
    names = (name.strip().removeprefix(b"W/") for name in wanted.split(b","))
    return any(name in {etag, b"*"} for name in names)
