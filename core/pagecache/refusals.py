"""What the front itself says when a request goes no further."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.core.handlers.wsgi import WSGIRequest

from core.http import prefers_json, refuse
from core.pagecache.bridge import encoded
from core.pagecache.pages import Answer

if TYPE_CHECKING:
    from core.pagecache.bridge import Environ

BAD_HOST = "This blog does not go by that name."
BAD_REQUEST = "This request cannot be understood."
TOO_LARGE = "What was sent is larger than this address takes."
TOO_SLOW = "The request did not arrive in time."
TITLE = "Back in a moment"
BUSY = "The blog is very busy right now. Please try again in a few seconds."
AWAY = (
    "The blog's database does not answer right now. It is not certain whether what you "
    "sent was saved; please look in a minute, before you send it again."
)


def refusal(
    status: int,
    sentence: str,
    *,
    accept: bytes = b"",
    retry_after: int = 0,
    closes: bool = False,
) -> Answer:
    if prefers_json(accept.decode("latin-1")):
        kind, body = (
            b"application/json",
            json.dumps({"errors": {"__all__": [sentence]}}),
        )
    else:
        kind, body = b"text/plain; charset=utf-8", f"{sentence}\n"
    headers = [
        (b"content-type", kind),
        (b"content-length", str(len(body.encode())).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    if retry_after:
        headers.append((b"retry-after", str(retry_after).encode()))
    if closes:
        headers.append((b"connection", b"close"))
    return Answer(status, headers, body.encode())


def give_back(environ: Environ, sentence: str) -> Answer:
    """503 with what was typed: needs neither the database nor a session."""
    response = refuse(
        WSGIRequest(environ), status=503, title=TITLE, sentence=sentence, retry_after=5
    )
    headers = [*response.items(), ("Content-Length", str(len(response.content)))]
    return Answer(503, encoded(headers), response.content)
