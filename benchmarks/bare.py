"""The same bytes from applications that do nothing else: what a hit is compared to.

`BARE_ANSWER` names the file with them (`benchmarks.answers`).
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any

from benchmarks import answers

answer = answers.load(Path(os.environ["BARE_ANSWER"]))
encoded = [(name.encode(), value.encode()) for name, value in answer.headers]


def wsgi(
    environ: dict[str, Any], start_response: Callable[..., object]
) -> Iterable[bytes]:
    start_response("200 OK", list(answer.headers))
    return [answer.body]


async def asgi(
    scope: dict[str, Any],
    receive: Callable[[], Awaitable[dict[str, Any]]],
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    start = {"type": "http.response.start", "status": 200, "headers": encoded}
    await send(start)
    await send({"type": "http.response.body", "body": answer.body})
