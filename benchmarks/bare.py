"""The same bytes from applications that do nothing else: what a hit is compared to.

`BARE_ANSWER` names a file with the headers as JSON in its first line, then the body.
"""

from __future__ import annotations

import json
import os
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any

head, _, body = Path(os.environ["BARE_ANSWER"]).read_bytes().partition(b"\n")
headers: list[tuple[str, str]] = [tuple(pair) for pair in json.loads(head)]
encoded = [(name.encode(), value.encode()) for name, value in headers]


def wsgi(
    environ: dict[str, Any], start_response: Callable[..., object]
) -> Iterable[bytes]:
    start_response("200 OK", list(headers))
    return [body]


async def asgi(
    scope: dict[str, Any],
    receive: Callable[[], Awaitable[dict[str, Any]]],
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    start = {"type": "http.response.start", "status": 200, "headers": encoded}
    await send(start)
    await send({"type": "http.response.body", "body": body})
