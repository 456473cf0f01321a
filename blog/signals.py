"""What posts tell the apps above."""

from __future__ import annotations

from django.dispatch import Signal

comment_policy_changed = Signal()
"""A post says anew who may comment: `before` (the post as it was), `post`, `editor`.

Sent inside the transaction that saves it.
"""
