from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True)
class Limit:
    """So many POSTs in so many seconds for each `by`; an empty key is not counted."""

    name: str
    limit: int
    seconds: int
    by: Key = by_user

    def window(self, request: HttpRequest) -> limits.Window | None:
        key = self.by(request)
        if not key:
            return None
        return limits.Window(f"{self.name}:{key}", self.limit, self.seconds)


def rate_limit(
    name: str, *, limit: int, seconds: int, by: Key = by_user
) -> Callable[[View], View]:
    """What `rate_limits` does, with one limit."""
    return rate_limits(Limit(name, limit, seconds, by))


def rate_limits(*rates: Limit) -> Callable[[View], View]:
    """Let POSTs through as far as all these limits allow, then answer 429.

    They are counted in this order, until one refuses, in one query. `Retry-After` says
    how long, and the typed text comes back.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST":
                windows = [rate.window(request) for rate in rates]
                wait = limits.hit_all([window for window in windows if window])
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
