from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context as allauth_context
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import homes
from accounts.events import record
from accounts.models import User
from accounts.signals import visitor_signed_in
from accounts.visitors import visitor_of
from core import limits, mail
from core.http import json_errors, wants_json
from core.proxies import client_network

if TYPE_CHECKING:
    from django.forms import BaseForm
    from django.http import HttpRequest, HttpResponse

CLOSED = "This account is closed."


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """What django-allauth asks the project."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "The address or the password is not right.",
        "enter_current_password": "That is not your password of now.",
        "incorrect_code": "That is not the code we sent last.",
        "too_many_login_attempts": "That code is used up. Sign in for a new one.",
    }

    def send_mail(
        self, template_prefix: str, email: str, context: dict[str, Any]
    ) -> None:
        known = ("user", "code")
        words = {name: context[name] for name in known if name in context}
        paths = {
            "login_url": reverse("account_login"),
            "reset_url": reverse("account_reset_password"),
        }
        links = {name: settings.ORIGIN + path for name, path in paths.items()}
        mail.send(template_prefix, to=email, context=words | links)

    def send_account_already_exists_mail(self, email: str) -> None:
        """As often as one may sign up with an address, however often somebody signs in.

        A mail too many is written all the same, and then forgotten: a code, which is
        mailed where the address was free, takes its time, too.
        """
        key = f"account-exists:{sha256(email.lower().encode()).hexdigest()}"
        is_too_many = limits.hit(key, limit=5, seconds=60 * 60) > 0
        with transaction.atomic():
            super().send_account_already_exists_mail(email)
            if is_too_many:
                transaction.set_rollback(True)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing by cookie that the next page, perhaps a public one, cannot show.

        What has to be said stands on the page that an act leads to (`accounts.views`).
        """
        if message := kwargs.get("message"):
            messages.add_message(args[0], args[1], message)

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_network(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:profile")

    def is_safe_url(self, url: str | None) -> bool:
        request = allauth_context.request
        return (url or "").startswith("/") and url_has_allowed_host_and_scheme(
            url, {request.get_host()}, require_https=request.is_secure()
        )

    def is_ajax(self, request: HttpRequest) -> bool:
        return request.method == "POST" and wants_json(request)

    def ajax_response(
        self,
        request: HttpRequest,
        response: HttpResponse,
        redirect_to: str | None = None,
        form: BaseForm | None = None,
        data: Any = None,
    ) -> HttpResponse:
        if redirect_to:
            return JsonResponse({"url": redirect_to})
        errors = {}
        if form is not None:
            errors = {
                name: list(map(str, found)) for name, found in form.errors.items()
            }
        return json_errors(errors, status=response.status_code)

    def respond_user_inactive(
        self, request: HttpRequest, user: User
    ) -> HttpResponseRedirect:
        record("was refused, closed", user)
        raise PermissionDenied(CLOSED)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        email = credentials.get("email", "").lower()
        record("sign-in failed", User.objects.filter(email=email).first())
        if EmailAddress.objects.is_verified(email):
            # allauth looks a second time, and in this way, at all other addresses.
            list(User.objects.filter(email=email).iterator())

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        homes.remember(request, user.email)
        record("signed in", user)
        tell_of_visitor(request, user)

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            record("signed out", request.user)
        super().logout(request)

    def set_password(self, user: User, password: str) -> None:
        super().set_password(user, password)
        record("changed the password", user)

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        confirmed: bool = super().confirm_email(request, email_address)
        if confirmed:
            record("confirmed the address", email_address.user)
            if request.user == email_address.user:
                tell_of_visitor(request, email_address.user)
        return confirmed

    def post_login(
        self,
        request: HttpRequest,
        user: User,
        *,
        redirect_url: str | None,
        signup: bool,
        **kwargs: Any,
    ) -> HttpResponse:
        response: HttpResponse = super().post_login(
            request, user, redirect_url=redirect_url, signup=signup, **kwargs
        )
        if signup and can_greet(response.headers["Location"]):
            messages.success(request, f"Welcome, @{user.handle}! You are all set.")
        return response


def tell_of_visitor(request: HttpRequest, user: User) -> None:
    """Have the apps above make the member's what the browser did before."""
    visitor = visitor_of(request)
    if visitor and user.is_active and EmailAddress.objects.is_verified(user.email):
        visitor_signed_in.send(User, user=user, visitor=visitor)


def can_greet(url: str) -> bool:
    """Whether the page of this address shows messages: public ones cannot."""
    path = urlsplit(url).path
    return path.startswith("/accounts/") or path.endswith("/comments/new/")
