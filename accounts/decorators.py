from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib.auth.views import redirect_to_login
from django.urls import reverse
from django.views.decorators.cache import never_cache

from accounts.permissions import is_member
from core.http import refuse

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse, HttpResponseBase


def private(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Keep the answer out of every cache, and its address out of other sites' logs."""

    @never_cache
    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return kept


def account_required(
    view: Callable[..., HttpResponse],
) -> Callable[..., HttpResponse]:
    """Let only the signed in through; what a stranger typed comes back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        return sign_in_first(request)

    return guarded


def member_required(
    view: Callable[..., HttpResponse],
) -> Callable[..., HttpResponse]:
    """Let only members with a confirmed address through."""

    return account_required(confirmed_if_signed_in(view))


def confirmed_if_signed_in(
    view: Callable[..., HttpResponse],
) -> Callable[..., HttpResponse]:
    """Let members and people without an account through, but no account in between."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated or is_member(request.user):
            return view(request, *args, **kwargs)
        return address_unconfirmed(request)

    return guarded


def address_unconfirmed(request: HttpRequest) -> HttpResponse:
    return refuse(
        request,
        status=403,
        title="Your address is not confirmed yet",
        sentence="Confirm your e-mail address first; then you can take part.",
    )


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """Send a stranger who only looks to the door and back.

    What a stranger typed comes back with 403 and the way to the door.
    """
    if request.method in {"GET", "HEAD"}:
        return redirect_to_login(request.get_full_path(), reverse("account_login"))
    return refuse(
        request,
        status=403,
        title="Please sign in",
        sentence="You are not signed in, perhaps since you opened this page. "
        "What you wrote is below; sign in and send it again.",
        link=("Sign in", login_url(request.get_full_path())),
    )


def login_url(back_to: str) -> str:
    return f"{reverse('account_login')}?{urlencode({'next': back_to})}"
