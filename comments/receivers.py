from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.dispatch import receiver

from accounts.signals import visitor_signed_in
from blog.signals import comment_policy_changed
from comments import guests, moderation, tasks

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User
    from blog.models import Post


@receiver(visitor_signed_in)
def adopt_guest(user: User, visitor: UUID, **kwargs: Any) -> None:
    """Hand over what the browser did: at once, and surely."""
    if not guests.is_theirs(user, visitor):
        return
    tasks.adopt_guest.defer(user_id=user.pk, visitor=str(visitor))
    transaction.on_commit(partial(guests.adopt, user, visitor), robust=True)


@receiver(comment_policy_changed)
def log_policy(before: Post, post: Post, editor: User | None, **kwargs: Any) -> None:
    moderation.log_policy(before, post, by=editor)
