from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import InterfaceError, OperationalError

from core.http import refuse

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

DATABASE_ERRORS = (OperationalError, InterfaceError)


def database_unavailable(request: HttpRequest) -> HttpResponse:
    return refuse(
        request,
        status=503,
        title="Back in a moment",
        sentence="The blog cannot reach its database right now. "
        "Nothing was saved; please try again in a minute.",
        retry_after=10,
    )


class DatabaseUnavailableMiddleware:
    """Answer 503, with the typed text, when a view finds the database away.

    What fails outside a view (a session that cannot be saved) reaches
    `core.views.server_error`, which gives the same answer.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        if isinstance(exception, DATABASE_ERRORS):
            return database_unavailable(request)
        return None
