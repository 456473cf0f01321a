from __future__ import annotations

import gzip
import hashlib
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

if TYPE_CHECKING:
    from collections.abc import Callable

GZIP_FROM = 200
HEADERS_OF_THE_ASKER = ("HTTP_COOKIE", "HTTP_AUTHORIZATION")


class PrivateDataTouched(RuntimeError):
    """A public page asked for something that belongs to one reader."""


def public_page(
    *parameters: str,
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponseBase]]:
    """Mark a view as public: it cannot know who asks, so everybody gets the same bytes.

    The view sees an anonymous user, no cookies, no `Authorization`, no session, no
    messages, and of the query string only `parameters`; asking for a CSRF token raises
    `PrivateDataTouched`. Only GET and HEAD get through. The answer carries an `ETag`,
    is compressed where the reader takes gzip, and 304 where it is known already.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
        @require_safe
        @wraps(view)
        def public(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            # PostgreSQL cannot hold it, so nothing can have such an address.
            if "\0" in request.path_info:
                raise Http404
            forget_asker(request, parameters)
            response = view(request, *args, **kwargs)
            if "CSRF_COOKIE" in request.META or response.cookies:
                raise PrivateDataTouched(request.path)
            return finish(request, response)

        return public

    return decorate


def forget_asker(request: HttpRequest, parameters: tuple[str, ...]) -> None:
    for header in HEADERS_OF_THE_ASKER:
        request.META.pop(header, None)
    request.META.pop("CSRF_COOKIE", None)
    request.COOKIES = {}
    request.user = AnonymousUser()
    for name in ("session", "_messages"):
        if hasattr(request, name):
            delattr(request, name)
    declared = {name: request.GET.get(name) for name in parameters}
    query = urlencode({name: value for name, value in declared.items() if value})
    request.GET = QueryDict(query)


def finish(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    if response.status_code != 200:
        return response
    etag = hashlib.sha256(response.content).hexdigest()[:32]
    patch_vary_headers(response, ["Accept-Encoding"])
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    if takes_gzip(request) and len(response.content) >= GZIP_FROM:
        response.content = gzip.compress(response.content, 6, mtime=0)
        response.headers["Content-Encoding"] = "gzip"
        etag += "-gzip"
    response.headers["Content-Length"] = str(len(response.content))
    response.headers["ETag"] = f'"{etag}"'
    known = get_conditional_response(
        request, etag=response.headers["ETag"], response=response
    )
    if request.method == "HEAD":
        response.content = b""
    return known or response


def takes_gzip(request: HttpRequest) -> bool:
    for part in request.META.get("HTTP_ACCEPT_ENCODING", "").split(","):
        coding, _, parameters = part.strip().lower().partition(";")
        if coding.strip() in {"gzip", "*"}:
            return parameters.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00"}
    return False
