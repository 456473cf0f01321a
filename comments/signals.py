"""What comments tell the apps above."""

from __future__ import annotations

from django.dispatch import Signal

guest_became_member = Signal()
"""The browser `visitor` gave an address that is that of the member `user`: what it did
is theirs. May come again. Sent outside of a transaction: each step takes its own locks.
"""
