from __future__ import annotations

from django import forms


class SignupForm(forms.Form):
    pass
