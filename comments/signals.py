"""What comments tell the apps above."""

from __future__ import annotations

from django.dispatch import Signal

visitor_became_member = Signal()
"""What the browser `visitor` did is the member's, `user` (`guests.is_theirs`). May come
again. Sent outside of a transaction: each step takes its own locks.
"""
