"""An answer of the blog, kept in a file for the servers that it is compared with.

The first line of the file holds the headers as JSON, the rest is the body.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

from benchmarks.figures import Unmeasurable
from benchmarks.load import CODINGS

FRAMING = {"connection", "date", "server", "transfer-encoding"}


@dataclass(frozen=True)
class Answer:
    headers: list[tuple[str, str]]
    body: bytes

    def save(self, path: Path) -> Path:
        path.write_bytes(json.dumps(self.headers).encode() + b"\n" + self.body)
        return path


def fetch(address: str, coding: str = CODINGS) -> Answer:
    """What a reader gets, without what belongs to the connection."""
    asked = Request(address, headers={"Accept-Encoding": coding})  # noqa: S310
    with urlopen(asked) as got:  # noqa: S310
        headers = [
            (name.lower(), value)
            for name, value in got.headers.items()
            if name.lower() not in FRAMING
        ]
        return Answer(headers, got.read())


def fetch_hit(address: str, coding: str = CODINGS) -> Answer:
    """The answer from memory: it says so in `Cache-Status`."""
    for _ in range(20):
        answer = fetch(address, coding)
        if "byline; hit" in dict(answer.headers).get("cache-status", ""):
            return answer
    raise Unmeasurable(f"{address} does not come from memory")


def load(path: Path) -> Answer:
    head, _, body = path.read_bytes().partition(b"\n")
    return Answer([tuple(pair) for pair in json.loads(head)], body)
