from __future__ import annotations

from copy import copy
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from allauth.account import views as allauth_views
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.email_verification_by_code import (
    EMAIL_VERIFICATION_CODE_SESSION_KEY,
)
from allauth.account.mixins import AjaxCapableProcessFormViewMixin
from allauth.account.stages import (
    EmailVerificationStage,
    LoginStage,
    LoginStageController,
)
from django.contrib import messages
from django.db import transaction
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    JsonResponse,
    QueryDict,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import homes, services
from accounts.decorators import account_required, private
from accounts.forms import OwnerForm, ProfileForm
from accounts.models import User
from core.decorators import by_network, rate_limit
from core.http import json_errors, wants_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms
    from django.http import HttpResponseBase

    type View = Callable[..., HttpResponse]

MINUTES = 60
HOUR = 60 * MINUTES
TAKEN = {
    services.EmailTaken: ("email", "There is an account with this address."),
    services.HandleTaken: ("handle", "Somebody has this handle already. Try another."),
}


def typed(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def typed_address(request: HttpRequest) -> str:
    address: str = request.POST.get("login") or request.POST.get("email") or ""
    return address.strip().lower()


def by_address(request: HttpRequest) -> str:
    """The typed address, hashed: it may be a password typed in the wrong field."""
    typed = typed_address(request)
    return sha256(typed.encode()).hexdigest() if typed else ""


def by_address_and_home(request: HttpRequest) -> str:
    """By address, and where the account is at home apart from everywhere else."""
    typed = typed_address(request)
    if typed and homes.is_home(request, typed):
        return homes.home_key(request, typed)
    return by_address(request)


def done(request: HttpRequest, url: str) -> HttpResponse:
    return JsonResponse({"url": url}) if wants_json(request) else redirect(url)


def form_page(
    request: HttpRequest, template: str, form: forms.BaseForm
) -> HttpResponse:
    """The form, or what is wrong with it."""
    if form.is_bound and wants_json(request):
        return json_errors(form.errors)
    status = 422 if form.is_bound else 200
    return render(request, template, {"form": form}, status=status)


class Page:
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        # allauth's host would hide the blog's settings.
        context.pop("site", None)
        return context


class FormPage(Page):
    """An allauth form whose refusal says 422 and whose writes happen together."""

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        if response.status_code == 200:
            response.status_code = 422
        return response

    def form_valid(self, form: forms.Form) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        return response


class LoginView(FormPage, allauth_views.LoginView):  # type: ignore[misc]
    def _redirect_to_pending_stage(
        self, request: HttpRequest, stage: LoginStage
    ) -> None:
        """Stay: who was told by mail that there is an account wants to sign in now."""
        if stage.login.user is None:
            User.objects.look_for_nobody(1)


class SignupView(FormPage, allauth_views.SignupView):  # type: ignore[misc]
    def _redirect_to_pending_stage(
        self, request: HttpRequest, stage: LoginStage
    ) -> HttpResponse | None:
        if stage.login.user is None:
            User.objects.look_for_nobody(1)
        response: HttpResponse | None = super()._redirect_to_pending_stage(
            request, stage
        )
        return response

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            return super().form_valid(form)
        except services.HandleTaken:
            form.add_error(*TAKEN[services.HandleTaken])
            return self.form_invalid(form)


class PasswordChangeView(FormPage, allauth_views.PasswordChangeView):  # type: ignore[misc]
    def form_valid(self, form: forms.Form) -> HttpResponse:
        response = super().form_valid(form)
        messages.success(
            self.request, "Your password is changed. Other devices are signed out."
        )
        return response


class PasswordResetView(FormPage, allauth_views.PasswordResetView):  # type: ignore[misc]
    pass


class PasswordResetDoneView(Page, allauth_views.PasswordResetDoneView):  # type: ignore[misc]
    pass


class PasswordResetFromKeyView(FormPage, allauth_views.PasswordResetFromKeyView):  # type: ignore[misc]
    def form_valid(self, form: forms.Form) -> HttpResponse:
        # Who has the link reads the mail of this address.
        services.confirm_address(self.reset_user)
        response = super().form_valid(form)
        messages.success(self.request, "Your new password is set, and you are in.")
        return response

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> Any:
        status = 404 if context.get("token_fail") else 200
        return super().render_to_response(context, status=status, **kwargs)


class CodeView(
    FormPage,
    AjaxCapableProcessFormViewMixin,  # type: ignore[misc]
    allauth_views.ConfirmEmailVerificationCodeView,  # type: ignore[misc]
):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = EmailVerificationStage.key
        if request.user.is_anonymous and not LoginStageController.enter(request, key):
            # Without a sign-in that waits for it the code leads nowhere. allauth would
            # still show the page where no account waits, and only there.
            request.session.pop(EMAIL_VERIFICATION_CODE_SESSION_KEY, None)
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        if self._process and "user_id" not in self._process.state:
            self.take_as_long(request)
        if request.method == "POST" and response.status_code == 302:
            return done(request, response.headers["Location"])
        return response

    def take_as_long(self, request: HttpRequest) -> None:
        """Do in vain what is done where an account waits for its code."""
        if self._action != "resend":
            User.objects.look_for_nobody(3)
            return
        with transaction.atomic():
            email = self._process.email
            get_adapter(request).send_account_already_exists_mail(email)
            transaction.set_rollback(True)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        resent = self._action == "resend"
        response = super().form_valid(form)
        if resent:
            messages.success(self.request, "A new code is on its way.")
        return response


def door(
    view: View, *limits: Callable[[View], View]
) -> Callable[..., HttpResponseBase]:
    """A private page of allauth behind the limits, the first of them outermost."""
    for limit in reversed(limits):
        view = limit(view)
    return private(require_http_methods(["GET", "HEAD", "POST"])(view))


login = door(
    LoginView.as_view(),
    rate_limit("sign-in", limit=50, seconds=15 * MINUTES, by=by_network),
    rate_limit(
        "sign-in-account", limit=10, seconds=15 * MINUTES, by=by_address_and_home
    ),
)
signup = door(
    SignupView.as_view(),
    rate_limit("sign-up", limit=50, seconds=HOUR, by=by_network),
    rate_limit("sign-up-address", limit=5, seconds=HOUR, by=by_address),
)
confirm_code = door(
    CodeView.as_view(),
    rate_limit("code", limit=50, seconds=15 * MINUTES, by=by_network),
)
password_change = door(
    PasswordChangeView.as_view(),
    rate_limit("password", limit=10, seconds=15 * MINUTES),
)
password_reset = door(
    PasswordResetView.as_view(),
    rate_limit("reset", limit=20, seconds=HOUR, by=by_network),
    rate_limit("reset-address", limit=5, seconds=HOUR, by=by_address),
)
password_reset_done = door(PasswordResetDoneView.as_view())
password_reset_from_key = door(
    PasswordResetFromKeyView.as_view(),
    rate_limit("reset-key", limit=20, seconds=HOUR, by=by_network),
)
logout = door(allauth_views.logout)


@private
@require_http_methods(["GET", "HEAD", "POST"])
@account_required
@rate_limit("profile", limit=30, seconds=HOUR)
def profile(request: HttpRequest) -> HttpResponse:
    # A copy: the header keeps showing what is stored while the form is refused.
    form = ProfileForm(typed(request), instance=copy(request.user))
    if form.is_valid() and save_profile(form):
        messages.success(request, "Saved.")
        return done(request, reverse("accounts:profile"))
    return form_page(request, "accounts/profile.html", form)


def save_profile(form: ProfileForm) -> bool:
    try:
        with transaction.atomic():
            services.change_handle(form.instance, form.cleaned_data["handle"])
            # Not all of it: the instance holds the handle of before.
            form.instance.save(update_fields=["display_name", "bio"])
    except services.HandleTaken:
        form.add_error(*TAKEN[services.HandleTaken])
        return False
    return True


@private
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password1")
@rate_limit("owner", limit=20, seconds=15 * MINUTES, by=by_network)
def owner_setup(request: HttpRequest, token: str) -> HttpResponse:
    if not services.is_owner_token(token):
        raise Http404
    form = OwnerForm(typed(request))
    if form.is_valid() and (owner := make_owner(token, form)):
        get_adapter().login(request, owner)
        return done(request, reverse("admin:index"))
    return form_page(request, "accounts/owner_setup.html", form)


def make_owner(token: str, form: OwnerForm) -> User | None:
    data = form.cleaned_data
    try:
        return services.become_owner(
            token,
            email=data["email"],
            handle=data["handle"],
            password=data["password1"],
            site_title=data["site_title"],
        )
    except services.InvitationGone as gone:
        raise Http404 from gone
    except (services.EmailTaken, services.HandleTaken) as taken:
        form.add_error(*TAKEN[type(taken)])
        return None
