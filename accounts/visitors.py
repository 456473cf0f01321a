"""Browsers without an account that have done something: known by a signed cookie.

The cookie holds a random number and nothing else. One that was tampered with counts as
none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.conf import settings
from django.core import signing

if TYPE_CHECKING:
    from django.http import (  # noqa: TID251  (reads and writes a cookie)
        HttpRequest,
        HttpResponse,
    )

COOKIE = "byline_visitor"
SALT = "accounts.visitors"
MAX_AGE = 400 * 24 * 60 * 60
"""Longer than this no browser keeps a cookie."""


def visitor_of(request: HttpRequest) -> UUID | None:
    """Who this browser is, if it was made known before, or is just now."""
    made: UUID | None = getattr(request, "new_visitor", None)
    if made is not None:
        return made
    try:
        return UUID(signing.Signer(salt=SALT).unsign(request.COOKIES.get(COOKIE, "")))
    except (signing.BadSignature, ValueError):
        return None


def make_visitor(request: HttpRequest) -> UUID:
    """Who this browser is; one that is new to us gets the cookie with the answer."""
    known = visitor_of(request)
    if known is None:
        known = request.new_visitor = uuid4()  # type: ignore[attr-defined]
    return known


def remember_visitor(request: HttpRequest, response: HttpResponse) -> bool:
    """Set the cookie where one was made for this request, and say whether."""
    made: UUID | None = getattr(request, "new_visitor", None)
    if made is None:
        return False
    response.set_cookie(
        COOKIE,
        signing.Signer(salt=SALT).sign(str(made)),
        max_age=MAX_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return True
