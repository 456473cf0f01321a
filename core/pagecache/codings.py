"""Content codings: which one a reader wants, and how a body gets into it."""

from __future__ import annotations

import functools
import gzip
import sys
from typing import TYPE_CHECKING

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Callable

IDENTITY = "identity"
SMALLEST = 200
"""A body of fewer bytes gains nothing."""

# The best first: of two that a reader takes equally gladly, the earlier is sent.
COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda data: brotli.compress(data, quality=5),
    "zstd": lambda data: zstd.compress(data, 9),
    "gzip": lambda data: gzip.compress(data, 6, mtime=0),
}
DECOMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "br": brotli.decompress,
    "zstd": zstd.decompress,
    "gzip": gzip.decompress,
    IDENTITY: lambda data: data,
}


def encode(body: bytes, coding: str) -> bytes:
    return body if coding == IDENTITY else COMPRESS[coding](body)


@functools.lru_cache(maxsize=1024)
def preferred(accept: bytes, offered: tuple[str, ...] = tuple(COMPRESS)) -> str:
    """The coding to send to a reader with this `Accept-Encoding`."""
    wishes = dict(map(wish, accept.decode("latin-1").lower().split(",")))
    others = wishes.get("*", 0.0)
    best, best_quality = IDENTITY, 0.0
    for coding in offered:
        quality = wishes.get(coding, others)
        if quality > best_quality:
            best, best_quality = coding, quality
    return best if best_quality >= wishes.get(IDENTITY, 0.0) else IDENTITY


def wish(part: str) -> tuple[str, float]:
    coding, _, parameter = part.partition(";")
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return coding.strip(), 1.0
    try:
        return coding.strip(), float(value)
    except ValueError:
        return coding.strip(), 0.0
