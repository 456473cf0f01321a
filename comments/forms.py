from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django import forms

from comments.models import BODY_MAX_LENGTH, Report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comments.models import Side

TOO_LONG = "That is %(show_value)d characters; %(limit_value)d are the most."
NO_SUCH_SIDE = "There is no such side. Please choose again."
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

    def clean_key(self) -> str:
        return self.cleaned_data["key"] or make_key()


class CommentEditForm(CommentBodyForm):
    """`base` tells which words the editor began from; without it nobody compares."""

    base = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


def side_field(sides: Sequence[Side], none: str) -> forms.ChoiceField:
    """One of the sides by its slug, or nothing, which is called `none`."""
    return forms.ChoiceField(
        required=False,
        choices=[("", none), *((side.slug, side.label) for side in sides)],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": NO_SUCH_SIDE},
    )


class SideForm(forms.Form):
    def __init__(self, *args: Any, sides: Sequence[Side], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["side"] = side_field(sides, "None of them")


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
