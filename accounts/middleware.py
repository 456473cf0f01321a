from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import SESSION_KEY

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

KNOWN_COOKIE = "byline_known"


class KnownCookieMiddleware:
    """Keep the readable cookie `byline_known` beside the session's.

    It stands outside the session middleware and looks only at the answers on which that
    set or cleared its cookie.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        cookie = response.cookies.get(settings.SESSION_COOKIE_NAME)
        if cookie is None:
            return response
        if cookie.value and SESSION_KEY in request.session:
            response.set_cookie(
                KNOWN_COOKIE,
                "1",
                max_age=cookie["max-age"] or None,
                secure=settings.SESSION_COOKIE_SECURE,
                samesite="Lax",
            )
        elif KNOWN_COOKIE in request.COOKIES:
            response.delete_cookie(KNOWN_COOKIE, samesite="Lax")
        return response
