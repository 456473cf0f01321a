from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.dispatch import receiver

from comments.signals import visitor_became_member
from reactions import services

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User


@receiver(visitor_became_member)
def adopt_reactions(user: User, visitor: UUID, **kwargs: Any) -> None:
    services.adopt_reactions(user=user, visitor=visitor)
