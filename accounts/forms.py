from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account import forms as allauth_forms
from allauth.account.models import Login
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import services, tasks
from accounts.handles import clean_display_name, clean_handle
from accounts.models import User
from accounts.permissions import is_member

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse  # noqa: TID251  allauth's forms do

EMAIL_HELP = "Only for signing in and for mail that you want. Nobody sees it."
HANDLE_HELP = "Your name here: 2 to 30 of a to z, 0 to 9 and _."
PASSWORD_HELP = "Eight characters or more; a few words you like do well."  # noqa: S105

EMAIL_MAX_LENGTH = 254


def email_input() -> forms.EmailInput:
    return forms.EmailInput(attrs={"autocomplete": "email"})


def password_input(autocomplete: str) -> forms.PasswordInput:
    return forms.PasswordInput(attrs={"autocomplete": autocomplete})


def handle_field() -> forms.CharField:
    return forms.CharField(
        label="Handle",
        max_length=31,
        help_text=HANDLE_HELP,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "username",
                "autocapitalize": "none",
                "spellcheck": "false",
            }
        ),
    )


def check_address(email: str) -> None:
    """Refuse what looks like another address (mıke@…) and what does not fit."""
    if not email.rpartition("@")[0].isascii() or len(email) > EMAIL_MAX_LENGTH:
        raise ValidationError("Type an address in plain letters, 254 at most.")


def check_password(form: forms.Form, user: User, field: str = "password1") -> None:
    """Put what the validators say at the field."""
    if password := form.cleaned_data.get(field):
        try:
            validate_password(password, user)
        except ValidationError as error:
            form.add_error(field, error)


class LoginForm(allauth_forms.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "E-mail address"
        self.fields["login"].widget = email_input()
        self.fields["password"].widget = password_input("current-password")
        self.fields["password"].help_text = ""

    def _clean_with_password(self, credentials: dict[str, str]) -> dict[str, Any]:
        """Go on to the code's page, which no code will open, with what was reserved."""
        try:
            super()._clean_with_password(credentials)
        except ValidationError:
            if not services.is_reserved_signup(**credentials):
                raise
            self._login = Login(email=credentials["email"].lower())
        else:
            if not is_member(self.user):
                # Here, too, the code's page costs two hashes.
                services.is_reserved_signup(**credentials)
        data: dict[str, Any] = self.cleaned_data
        return data


class SignupForm(allauth_forms.SignupForm):  # type: ignore[misc]
    """A new account, or for an address that has one the same answer and a mail."""

    account_already_exists: bool
    handle = handle_field()
    field_order = ("email", "handle", "password1")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "E-mail address"
        self.fields["email"].widget = email_input()
        self.fields["email"].help_text = EMAIL_HELP
        self.fields["password1"].widget = password_input("new-password")
        self.fields["password1"].help_text = PASSWORD_HELP

    def clean_email(self) -> str:
        check_address(self.cleaned_data["email"])
        email: str = super().clean_email()
        return email

    def clean_handle(self) -> str:
        return clean_handle(self.cleaned_data["handle"])

    def clean(self) -> dict[str, Any]:
        # allauth's own `clean` knows no handle and would validate a second time.
        data: dict[str, Any] = self.cleaned_data
        check_password(
            self, User(email=data.get("email", ""), handle=data.get("handle", ""))
        )
        return data

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        data = self.cleaned_data
        if not self.account_already_exists:
            try:
                with transaction.atomic():
                    return self.make_account(data), None
            except services.EmailTaken:
                self.account_already_exists = True
        services.reserve_signup(
            email=data["email"], handle=data["handle"], password=data["password1"]
        )
        user, response = super().try_save(request)
        return user, response

    def make_account(self, data: dict[str, Any]) -> User:
        return services.register(
            email=data["email"], handle=data["handle"], password=data["password1"]
        )

    def signup(self, request: HttpRequest, user: User) -> None:
        """Nothing beyond `try_save`; allauth asks for the method."""


class ResetPasswordForm(allauth_forms.ResetPasswordForm):  # type: ignore[misc]
    """Leaves the question who has the address to the worker: every answer is alike."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "E-mail address"
        self.fields["email"].widget = email_input()

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        return email.lower()

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        email: str = self.cleaned_data["email"]
        tasks.send_reset_link.defer(email=email)
        return email


class NewPasswordForm(allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_once(self)


class ChangePasswordForm(allauth_forms.ChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = "Your password now"
        self.fields["oldpassword"].widget = password_input("current-password")
        self.fields["oldpassword"].help_text = ""
        ask_once(self)


def ask_once(form: forms.Form) -> None:
    """Browsers show and keep passwords: typing one twice helps nobody."""
    form.fields["password1"].label = "New password"
    form.fields["password1"].widget = password_input("new-password")
    form.fields["password1"].help_text = PASSWORD_HELP
    form.fields.pop("password2", None)


class CodeForm(allauth_forms.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "Code from the mail"
        self.fields["code"].widget = forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        )


class OwnerForm(forms.Form):
    email = forms.EmailField(
        label="E-mail address", max_length=254, widget=email_input()
    )
    handle = handle_field()
    password1 = forms.CharField(
        label="Password",
        help_text=PASSWORD_HELP,
        strip=False,
        widget=password_input("new-password"),
    )
    site_title = forms.CharField(
        label="Name of the blog",
        max_length=80,
        required=False,
        help_text="You can change it later.",
    )

    def clean_email(self) -> str:
        check_address(self.cleaned_data["email"])
        return str(self.cleaned_data["email"]).lower()

    def clean_handle(self) -> str:
        return clean_handle(self.cleaned_data["handle"], is_official=True)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        check_password(
            self, User(email=data.get("email", ""), handle=data.get("handle", ""))
        )
        return data


class ProfileForm(forms.ModelForm[User]):
    handle = handle_field()

    class Meta:
        model = User
        fields = ("display_name", "bio")
        labels = {"display_name": "Name", "bio": "About you"}
        help_texts = {
            "display_name": "Shown beside what you write. Empty: your handle.",
            "bio": "A few words for your page.",
        }
        widgets = {"bio": forms.Textarea(attrs={"rows": 4})}

    field_order = ("display_name", "handle", "bio")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["handle"].initial = self.instance.handle

    def clean_display_name(self) -> str:
        return clean_display_name(self.cleaned_data["display_name"])

    def clean_handle(self) -> str:
        handle: str = self.cleaned_data["handle"].strip().removeprefix("@").lower()
        if self.instance.handles.filter(handle=handle).exists():
            return handle
        return clean_handle(handle)
