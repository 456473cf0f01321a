"""What accounts tell the apps above."""

from __future__ import annotations

from django.dispatch import Signal

visitor_signed_in = Signal()
"""A member with a confirmed address signed in, or confirmed it, in a browser that was
known as `visitor`: `user`, `visitor`. Sent inside the transaction of that.
"""
