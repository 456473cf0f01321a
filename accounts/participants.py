"""Who takes part in a conversation: a member, a visitor without an account, nobody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from accounts.permissions import is_member
from accounts.visitors import make_visitor, visitor_of

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest  # noqa: TID251  (who asks, not how to answer)

    from accounts.models import User


class Owner(TypedDict):
    user: User | None
    visitor: UUID | None


@dataclass(frozen=True)
class Participant:
    """Exactly one of the two, or neither: nobody that was ever here."""

    user: User | None = None
    visitor: UUID | None = None

    @property
    def is_somebody(self) -> bool:
        return self.user is not None or self.visitor is not None

    @property
    def fields(self) -> Owner:
        """How rows name whom they belong to: to filter by, and to make them with.

        Not for nobody: it would be what belongs to nobody.
        """
        return {"user": self.user, "visitor": self.visitor}


def participant_of(request: HttpRequest) -> Participant:
    """Who asks. An account that is not confirmed yet is nobody."""
    if request.user.is_authenticated:
        return Participant(user=request.user if is_member(request.user) else None)
    return Participant(visitor=visitor_of(request))


def participant_for(request: HttpRequest) -> Participant:
    """Who acts: a browser that is new to us becomes a visitor by it."""
    asking = participant_of(request)
    if asking.is_somebody or request.user.is_authenticated:
        return asking
    return Participant(visitor=make_visitor(request))
