from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import DataError
from django.http import Http404

from core.http import refuse

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


class NoNulMiddleware:
    """Answer for the one character that PostgreSQL's text cannot hold.

    No address has it: 404. Forms refuse it at its field; where it comes by another way
    (a filter of a list, a hidden field) the database's driver does, and here that is
    an answer instead of a failure.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: Any) -> None:
        if "\0" in request.path_info:
            raise Http404

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        if not (isinstance(exception, DataError) and "NUL" in str(exception)):
            return None
        return refuse(
            request,
            status=422 if request.method == "POST" else 404,
            title="That cannot be stored",
            sentence="What was sent holds a character (NUL) that no text can hold.",
        )
