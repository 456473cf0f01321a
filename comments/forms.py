from __future__ import annotations

import math
import secrets
import time
from typing import TYPE_CHECKING, Any

from django import forms
from django.core import signing

from accounts.forms import EMAIL_MAX_LENGTH, check_address, email_input
from accounts.handles import RESERVED, clean_display_name
from comments.models import BODY_MAX_LENGTH, NAME_MAX_LENGTH, Report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comments.models import Side

TOO_LONG = "That is %(show_value)d characters; %(limit_value)d are the most."
NO_SUCH_SIDE = "There is no such side. Please choose again."
OPENED = "comments.forms.opened"
FORM_MIN_AGE = 2
FORM_MAX_AGE = 24 * 60 * 60
UNSTORABLE = "The text holds a character (NUL) that cannot be stored."


class TextField(forms.CharField):
    """Long text, with the line ends of one character that the length limit counts."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value) or "")
        return text.replace("\r\n", "\n").replace("\r", "\n")


def make_key() -> str:
    return secrets.token_urlsafe(16)


class CommentBodyForm(forms.Form):
    body = TextField(
        label="Your comment",
        max_length=BODY_MAX_LENGTH,
        help_text="Markdown works: **bold**, `code`, > quote, [text](address).",
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
        error_messages={
            "required": "Write a few words first.",
            "max_length": TOO_LONG,
            "null_characters_not_allowed": UNSTORABLE,
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The browser would cut what is pasted without a word; the answer says how long.
        self.fields["body"].widget.attrs.pop("maxlength", None)


class CommentForm(CommentBodyForm):
    parent = forms.CharField(required=False, widget=forms.HiddenInput)
    key = forms.CharField(
        required=False, max_length=64, widget=forms.HiddenInput, initial=make_key
    )

    def __init__(self, *args: Any, sides: Sequence[Side] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sides = {side.slug: side for side in sides}
        if sides:
            self.fields["side"] = side_field([("", "No side"), *choices_of(sides)])

    def clean_key(self) -> str:
        return self.cleaned_data["key"] or make_key()

    def clean_side(self) -> Side | None:
        return self.sides.get(self.cleaned_data["side"])

    def clean(self) -> dict[str, Any]:
        if not self.sides and self.data.get("side"):
            self.add_error(None, NO_SUCH_SIDE)
        return super().clean() or self.cleaned_data


def make_opened(at: float | None = None) -> str:
    """What a form says about when it was opened, signed."""
    return signing.Signer(salt=OPENED).sign(f"{at or time.time():.1f}")


def make_dated_key() -> str:
    """A key that says when the form was opened: enough where only it is sent back."""
    key = f"{secrets.token_urlsafe(6)}~{math.ceil(time.time())}"
    return signing.Signer(salt=OPENED).sign(key)


class GuestCommentForm(CommentForm):
    """The form for people without an account, with two traps for robots.

    Nobody is caught for good: what a trap refuses can be sent again as it is. `renewed`
    are the fields that a script changes before.
    """

    name = forms.CharField(
        label="Your name",
        max_length=NAME_MAX_LENGTH,
        help_text="Everybody sees it.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Say what you want to be called."},
    )
    email = forms.EmailField(
        label="Your e-mail address",
        max_length=EMAIL_MAX_LENGTH,
        help_text="Nobody sees it. It proves it is you.",
        widget=email_input(),
        error_messages={"required": "Without an address nobody can tell it is you."},
    )
    subject = forms.CharField(required=False, label="Leave this empty")
    opened = forms.CharField(
        required=False, widget=forms.HiddenInput, initial=make_opened
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.renewed: dict[str, str] = {}
        self.fields["key"].initial = make_dated_key
        self.fields["subject"].widget.attrs = {
            "autocomplete": "off",
            "tabindex": "-1",
        }

    def clean_name(self) -> str:
        name = " ".join(clean_display_name(self.cleaned_data["name"]).split())
        if not name:
            raise forms.ValidationError("Nobody would see anything of this name.")
        if "@" in name:
            raise forms.ValidationError("Everybody sees your name: leave out the @.")
        if name.lower() in RESERVED:
            raise forms.ValidationError("This name is kept for the blog itself.")
        return name

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        check_address(email)
        return email

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "preview" in self.data:
            return data
        age = time.time() - opened_at(data.get("opened") or data.get("key", ""))
        if data.get("subject"):
            self.refresh("subject", "")
            self.add_error(None, "That looked like a robot. Please send it once more.")
        elif age > FORM_MAX_AGE:
            self.refresh("opened", make_opened())
            self.add_error(None, "The form was open for long. Please send it again.")
        elif age < FORM_MIN_AGE:
            self.add_error(None, "That was very fast. Please send it once more.")
        return data

    def refresh(self, name: str, value: str) -> None:
        self.renewed[name] = value
        self.data = {**dict(self.data.items()), name: value}


def opened_at(opened: str) -> float:
    """When the form was opened; long ago where it does not say so in our hand."""
    try:
        said = signing.Signer(salt=OPENED).unsign(opened)
        return float(said.rpartition("~")[2])
    except (signing.BadSignature, ValueError):
        return 0


class CommentEditForm(CommentBodyForm):
    """`base` tells which words the editor began from; without it nobody compares."""

    base = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


def choices_of(sides: Sequence[Side]) -> list[tuple[str, str]]:
    return [(side.slug, side.label) for side in sides]


def side_field(
    choices: Sequence[tuple[str, str]], **attributes: bool
) -> forms.ChoiceField:
    """One of the choices; nothing is always accepted."""
    return forms.ChoiceField(
        required=False,
        choices=choices,
        widget=forms.RadioSelect(attrs=attributes),
        error_messages={"invalid_choice": NO_SUCH_SIDE},
    )


class SideForm(forms.Form):
    def __init__(self, *args: Any, sides: Sequence[Side], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = choices_of(sides)
        self.fields["side"] = side_field(self.choices, required=True)

    def offer_none(self) -> None:
        """Show that what was taken can be taken back."""
        offered = [*self.choices, ("", "None: take my vote back")]
        self.fields["side"].choices = offered  # type: ignore[attr-defined]

    def clean_side(self) -> str:
        if "side" not in self.data:
            raise forms.ValidationError("Choose a side first.")
        side: str = self.cleaned_data["side"]
        return side


class ReportForm(forms.ModelForm[Report]):
    note = TextField(
        label="What should the moderators know?",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    class Meta:
        model = Report
        fields = ("reason", "note")
