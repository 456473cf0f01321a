from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.dispatch import receiver

from accounts.signals import visitor_signed_in
from comments import guests, tasks

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User


@receiver(visitor_signed_in)
def adopt_guest(user: User, visitor: UUID, **kwargs: Any) -> None:
    """Hand over what the guest did: at once, and surely."""
    if guests.guest_of_member(user, visitor) is None:
        return
    tasks.adopt_guest.defer(user_id=user.pk, visitor=str(visitor))
    transaction.on_commit(partial(guests.adopt, user, visitor), robust=True)
