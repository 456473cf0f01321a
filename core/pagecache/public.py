from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_safe

from core.hints import hints
from core.pagecache.tags import SITE

if TYPE_CHECKING:
    from collections.abc import Callable

HEADERS_OF_THE_ASKER = ("HTTP_COOKIE", "HTTP_AUTHORIZATION")
# The second is there alone where the cookie was malformed.
TOKEN_OF_THE_ASKER = ("CSRF_COOKIE", "CSRF_COOKIE_NEEDS_UPDATE")
MOST_PARAMETERS = 50


class PrivateDataTouched(RuntimeError):
    """A public page asked for something that belongs to one reader."""


@dataclass(frozen=True)
class PublicPage:
    """What a public view said of itself: `public.page` on the decorated view."""

    tags: frozenset[str]
    defaults: dict[str, str]

    def normalized(self, query: str) -> str:
        """The query string with what matters alone: one spelling for one page."""
        try:
            given = dict(
                parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
            )
        except ValueError:
            given = {}
        wanted = {
            name: given[name]
            for name, default in self.defaults.items()
            if given.get(name) and given[name] != default
        }
        return urlencode(wanted)


def public_page(
    *tags: str, **defaults: str
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponseBase]]:
    """Mark a view as public: it cannot know who asks, so everybody gets the same bytes.

    The view sees an anonymous user, no cookies, no `Authorization`, no session, no
    messages, and of the query string only the parameters in `defaults`, where they
    differ from their default; asking for a CSRF token raises `PrivateDataTouched`. Only
    GET and HEAD get through.

    The page is kept by `core.pagecache.front` until something changes that it shows:
    the rows it loads, the site, and what `tags` name beside them: `"list"` where it
    depends on which posts there are.
    """
    page = PublicPage(frozenset({SITE, *tags}), defaults)

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
        @require_safe
        @wraps(view)
        def public(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            # PostgreSQL cannot hold it, so nothing can have such an address.
            if "\0" in request.path_info:
                raise Http404
            forget_asker(request, page)
            response = view(request, *args, **kwargs)
            if "CSRF_COOKIE" in request.META or response.cookies:
                raise PrivateDataTouched(request.path)
            return finish(request, response)

        public.page = page  # type: ignore[attr-defined]
        return public

    return decorate


def page_of_view(view: object) -> PublicPage | None:
    """What the view said of itself; `None` for a private one."""
    found: PublicPage | None = getattr(view, "page", None)
    return found


def forget_asker(request: HttpRequest, page: PublicPage) -> None:
    for header in HEADERS_OF_THE_ASKER + TOKEN_OF_THE_ASKER:
        request.META.pop(header, None)
    request.COOKIES = {}
    request.user = AnonymousUser()
    for name in ("session", "_messages"):
        if hasattr(request, name):
            delattr(request, name)
    query = page.normalized(request.META.get("QUERY_STRING", ""))
    request.META["QUERY_STRING"] = query
    request.GET = QueryDict(query)


def finish(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    if response.status_code not in {200, 301}:
        return response
    patch_vary_headers(response, ["Accept-Encoding"])
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    if response.status_code != 200:
        return response
    if response.headers["Content-Type"].startswith("text/html"):
        for name, value in hints().items():
            response.headers[name] = value
    etag = hashlib.sha256(response.content).hexdigest()[:32]
    response.headers["ETag"] = f'"{etag}"'
    response.headers["Content-Length"] = str(len(response.content))
    known = get_conditional_response(
        request, etag=response.headers["ETag"], response=response
    )
    if request.method == "HEAD":
        response.content = b""
    return known or response
