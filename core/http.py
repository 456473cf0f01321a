"""Answers that every app gives in the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.http.request import MediaType
from django.template.loader import render_to_string

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

UNREADABLE = (
    BadRequest,
    MultiPartParserError,
    SuspiciousOperation,
    UnreadablePostError,
)
KEPT_FIELDS = {
    "title": "Your title",
    "summary": "Your summary",
    "body": "Your text",
    "note": "Your note",
    "bio": "About you",
}


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asks: `Accept` names JSON and does not prefer HTML."""
    return prefers_json(request.headers.get("Accept", ""))


def prefers_json(accept: str) -> bool:
    """What `wants_json` says, for a header alone.

    Parameters as `charset` change nothing, though for Django a type with them is
    another one: there is one JSON, and one HTML.
    """
    asking = HttpRequest()
    asking.META["HTTP_ACCEPT"] = ",".join(map(without_parameters, accept.split(",")))
    preferred = asking.get_preferred_type(["text/html", "application/json"])
    return preferred == "application/json"


def without_parameters(accepted: str) -> str:
    """The media type with its quality alone; nothing where it cannot be read."""
    try:
        known = MediaType(accepted)
    except ValueError:
        return ""
    return f"{known.main_type}/{known.sub_type};q={known.quality}"


def json_errors(
    errors: Mapping[str, Sequence[object]], *, status: int = 422, **more: object
) -> JsonResponse:
    response = JsonResponse({"errors": errors, **more}, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def refuse(
    request: HttpRequest,
    *,
    status: int,
    title: str,
    sentence: str,
    retry_after: int | None = None,
    link: tuple[str, str] | None = None,
    back_url: str = "",
) -> HttpResponse:
    """Say no in one sentence and give back what was typed.

    `link` is the label and the address of the way on, where there is a better one than
    back. Back is the form that was sent, unless `back_url` says otherwise.

    Asks neither session, user nor database, so that it also works when they are what
    is wrong.
    """
    response: HttpResponse
    if wants_json(request):
        said: dict[str, object] = {"errors": {"__all__": [sentence]}}
        if link is not None:
            said["link"] = {"label": link[0], "url": link[1]}
        response = JsonResponse(said, status=status)
    else:
        sent_from = request.get_full_path() if request.method == "POST" else "/"
        context = {
            "status": status,
            "title": title,
            "sentence": sentence,
            "kept": typed_text(request),
            "back_url": back_url or sent_from,
            "link": link and {"label": link[0], "url": link[1]},
        }
        response = HttpResponse(
            render_to_string("refused.html", context), status=status
        )
    response.headers["Cache-Control"] = "no-store"
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def typed_text(request: HttpRequest) -> list[tuple[str, str]]:
    """What somebody wrote in the form that is refused, each under its label.

    Nothing where the form itself cannot be read.
    """
    if request.method != "POST":
        return []
    try:
        sent = request.POST
    except UNREADABLE:
        return []
    return [
        (label, sent[name]) for name, label in KEPT_FIELDS.items() if sent.get(name)
    ]
