"""Who may do what: pure questions about a user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


def is_member(user: User | AnonymousUser) -> bool:
    """Whether this is an active account with a confirmed address. One query, once."""
    if not (user.is_authenticated and user.is_active):
        return False
    known: bool | None = getattr(user, "_is_member", None)
    if known is None:
        known = EmailAddress.objects.filter(user_id=user.pk, verified=True).exists()
        user._is_member = known  # type: ignore[attr-defined]
    return known
