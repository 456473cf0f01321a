"""Whose pages there are: `/@handle/` is not there for everybody who has an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User, UserHandle
from blog.models import Post

if TYPE_CHECKING:
    from collections.abc import Set


def shown_handles() -> QuerySet[UserHandle]:
    """Those whose pages exist: of confirmed addresses, or of authors.

    One query answers alike for what a sign-up just took and for what nobody has, or a
    sign-up would show, if only by its time, whether its address was free.
    """
    is_awaited = User.objects.awaiting_confirmation().filter(pk=OuterRef("user"))
    is_author = Post.objects.listed().filter(bylines__user=OuterRef("user"))
    handles = UserHandle.objects.filter(~Exists(is_awaited) | Exists(is_author))
    return handles.exclude(user=None).select_related("user")


def pages_of(handles: Set[str]) -> dict[str, str]:
    """Addresses of the pages of these handles, where there are any. One query."""
    return {
        known.handle: known.user.get_absolute_url()
        for known in shown_handles().filter(handle__in=handles)
        if known.user
    }
