from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate

from core import limits
from core.http import refuse
from core.proxies import client_network

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    View = Callable[Concatenate[HttpRequest, ...], HttpResponse]
    Key = Callable[[HttpRequest], str]


def by_network(request: HttpRequest) -> str:
    return client_network(request)


def by_user(request: HttpRequest) -> str:
    """The member, or where there is none the network."""
    if request.user.is_authenticated:
        return f"user-{request.user.pk}"
    return client_network(request)


def rate_limit(
    name: str, *, limit: int, seconds: int, by: Key = by_user
) -> Callable[[View], View]:
    """Let `limit` POSTs in `seconds` through for each `by`, then answer 429.

    `Retry-After` says how long, and the typed text comes back. An empty key is not
    counted. Stack it to limit one view by several keys.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST" and (key := by(request)):
                wait = limits.hit(f"{name}:{key}", limit=limit, seconds=seconds)
                if wait:
                    return too_many(request, wait)
            return view(request, *args, **kwargs)

        return limited

    return decorate


def too_many(request: HttpRequest, wait: int) -> HttpResponse:
    pause = f"{wait} seconds" if wait < 120 else f"{round(wait / 60)} minutes"
    return refuse(
        request,
        status=429,
        title="A short pause, please",
        sentence=f"That was a lot in a short time. Please try again in {pause}.",
        retry_after=wait,
    )
