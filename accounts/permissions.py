"""Who may do what: pure questions about a user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress

from core.statements import Given, Statement

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


verified_address = Statement(
    lambda: EmailAddress.objects.filter(user=Given("user"), verified=True).only("pk")[
        :1
    ]
)


def is_member(user: User | AnonymousUser) -> bool:
    """Whether this is an active account with a confirmed address. One query, once."""
    if not (user.is_authenticated and user.is_active):
        return False
    known: bool | None = getattr(user, "_is_member", None)
    if known is None:
        known = verified_address.first(user=user.pk) is not None
        user._is_member = known  # type: ignore[attr-defined]
    return known
