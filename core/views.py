from __future__ import annotations

import sys

from django.core.exceptions import RequestDataTooBig
from django.db import connection
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    JsonResponse,
)
from django.template.loader import render_to_string
from django.urls import is_valid_path
from django.views.decorators.http import require_safe

from core.http import UNREADABLE, refuse
from core.unavailable import DATABASE_ERRORS, database_unavailable


@require_safe
def health_live(request: HttpRequest) -> JsonResponse:
    return no_store(JsonResponse({"status": "live"}))


@require_safe
def health_ready(request: HttpRequest) -> JsonResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DATABASE_ERRORS:
        answer = JsonResponse({"status": "database away"}, status=503)
        answer.headers["Retry-After"] = "5"
        return no_store(answer)
    return no_store(JsonResponse({"status": "ready"}))


def no_store(response: JsonResponse) -> JsonResponse:
    response.headers["Cache-Control"] = "no-store"
    return response


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    path = request.path_info
    lower = path.lower()
    # A token is right as it is: what lacks its slash is not another case of something.
    is_known = request.resolver_match is not None or is_valid_path(f"{path}/")
    if lower != path and not is_known and is_readable(request, lower):
        query = request.META.get("QUERY_STRING", "")
        moved = HttpResponsePermanentRedirect(lower + (f"?{query}" if query else ""))
        moved.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
        return moved
    if request.method == "POST":
        return refuse(
            request,
            status=404,
            title="Nothing at this address",
            sentence="What this form belongs to is not here, or is no longer yours.",
        )
    return HttpResponse(render_to_string("404.html"), status=404)


def is_readable(request: HttpRequest, path: str) -> bool:
    return request.method in {"GET", "HEAD"} and bool(
        is_valid_path(path) or is_valid_path(f"{path}/")
    )


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refuse(
        request,
        status=403,
        title="Not yours to do",
        sentence=str(exception) or "Your account may not do this.",
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return refuse(
            request,
            status=413,
            title="That is too much at once",
            sentence="A form may hold 2 MB at most, and nothing of this one was read. "
            "Go back in your browser: what you typed is likely still there.",
        )
    return refuse(
        request,
        status=400,
        title="That cannot be read",
        sentence="What was sent is not a form or an address of this blog. "
        "Go back in your browser: what you typed is likely still there.",
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    try:
        request.POST.keys()
    except UNREADABLE as error:
        return bad_request(request, error)
    return refuse(
        request,
        status=403,
        title="This form has grown old",
        sentence="The form could not be checked, perhaps because it stood open "
        "for long or cookies are blocked. Open it again and send it once more.",
    )


def server_error(request: HttpRequest) -> HttpResponse:
    if isinstance(sys.exception(), DATABASE_ERRORS):
        return database_unavailable(request)
    return HttpResponse(render_to_string("500.html"), status=500)
