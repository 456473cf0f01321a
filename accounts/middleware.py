from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import SESSION_KEY

from accounts.visitors import MAX_AGE, remember_visitor, visitor_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

KNOWN_COOKIE = "byline_known"


class KnownCookieMiddleware:
    """Keep the readable cookie `byline_known` beside the session's and the visitor's.

    It stands outside the session middleware and looks only at the answers on which that
    set or cleared its cookie, and at requests by which a browser became a visitor.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if remember_visitor(request, response):
            set_known(response, max_age=MAX_AGE)
        cookie = response.cookies.get(settings.SESSION_COOKIE_NAME)
        if cookie is None:
            return response
        if cookie.value and SESSION_KEY in request.session:
            lasting = MAX_AGE if visitor_of(request) else cookie["max-age"] or None
            set_known(response, max_age=lasting)
        elif KNOWN_COOKIE in request.COOKIES and visitor_of(request) is None:
            response.delete_cookie(KNOWN_COOKIE, samesite="Lax")
        return response


def set_known(response: HttpResponse, *, max_age: int | None) -> None:
    response.set_cookie(
        KNOWN_COOKIE,
        "1",
        max_age=max_age,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
