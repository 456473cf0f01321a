"""Folders of files whose names change with their content: `/static/`, `/media/`."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from core.pagecache.codings import IDENTITY
from core.pagecache.pages import Representation, content, start

if TYPE_CHECKING:
    import re
    from collections.abc import Awaitable, Callable
    from pathlib import Path
    from typing import IO

    from core.pagecache.pages import Headers

    type Send = Callable[[dict[str, Any]], Awaitable[None]]

KEPT = 512 * 1024
"""Larger files are read from the disk for every reader."""
PIECE = 256 * 1024
OVERHEAD = 4_000
BESIDE = {"br": ".br", "gzip": ".gz"}


class FileKey(NamedTuple):
    prefix: str
    name: str


@dataclass(slots=True)
class StoredFile:
    """A file in memory, in the codings that lie beside it on the disk."""

    key: FileKey
    bodies: dict[str, Representation]
    codings: tuple[str, ...]
    tags: frozenset[str] = frozenset()
    is_outdated: bool = False

    @property
    def size(self) -> int:
        return OVERHEAD + sum(len(made.body) for made in self.bodies.values())


@dataclass(slots=True)
class LargeFile:
    file: IO[bytes]
    headers: Headers

    async def send(self, send: Send, *, with_body: bool) -> None:
        """In pieces, each when the reader has taken the one before."""
        try:
            await send(start(200, self.headers))
            piece = b"" if not with_body else await self._next()
            while piece:
                await send(content(piece) | {"more_body": True})
                piece = await self._next()
            await send(content(b""))
        finally:
            self.file.close()

    async def _next(self) -> bytes:
        return await asyncio.to_thread(self.file.read, PIECE)


@dataclass(frozen=True)
class Folder:
    """`name` says which files exist for readers, `headers` what to say of one."""

    prefix: str
    root: Path
    name: re.Pattern[str]
    headers: Callable[[str], dict[str, str]]

    def name_of(self, path: str) -> str | None:
        name = path.removeprefix(self.prefix)
        return name if name != path and self.name.fullmatch(name) else None

    def load(self, name: str) -> StoredFile | LargeFile | None:
        """Read it, or open it if it is large; `None` where there is none. Blocks."""
        path = self.root / name
        try:
            file = path.open("rb")
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return None
        size = path.stat().st_size
        headers = [
            (key.lower().encode(), value.encode())
            for key, value in self.headers(name).items()
        ]
        if size > KEPT:
            length = (b"content-length", str(size).encode())
            return LargeFile(file, [*headers, length])
        with file:
            return self._stored(name, file.read(), headers)

    def _stored(self, name: str, body: bytes, headers: Headers) -> StoredFile:
        bodies = {IDENTITY: body}
        for coding, suffix in BESIDE.items():
            beside = self.root / f"{name}{suffix}"
            if beside.is_file():
                bodies[coding] = beside.read_bytes()
        digest = hashlib.sha256(body).hexdigest()[:32]
        if len(bodies) > 1:
            headers = [*headers, (b"vary", b"Accept-Encoding")]
        made = {}
        for coding, data in bodies.items():
            is_plain = coding == IDENTITY
            etag = f'"{digest}"' if is_plain else f'"{digest}-{coding}"'
            own = [] if is_plain else [(b"content-encoding", coding.encode())]
            made[coding] = Representation.of(200, etag, [*headers, *own], data, [])
        codings = tuple(coding for coding in bodies if coding != IDENTITY)
        return StoredFile(FileKey(self.prefix, name), made, codings)
