from __future__ import annotations

from django import forms

from reactions.models import ReactionKind


class ReactionForm(forms.Form):
    kind = forms.ModelChoiceField(ReactionKind.objects.all(), to_field_name="slug")
    state = forms.ChoiceField(choices=[("on", "on"), ("off", "off")])
