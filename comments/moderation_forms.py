from __future__ import annotations

from django import forms

from comments.models import ModerationEntry

REASON_MAX_LENGTH = 300
Action = ModerationEntry.Action


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Reason",
        required=False,
        max_length=REASON_MAX_LENGTH,
        help_text="The writer is told.",
    )


class DecisionForm(ReasonForm):
    """What was chosen in the queue; about which comments is read beside it."""

    decision = forms.ChoiceField(
        choices=[
            (action, action.label)
            for action in (
                Action.APPROVE,
                Action.SPAM,
                Action.REMOVE,
                Action.RESTORE,
                Action.HIDE,
                Action.UNDO,
            )
        ]
    )
