"""How often members, and people without an account, may do what both may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.visitors import visitor_of
from core.decorators import Limit, by_network

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest  # noqa: TID251  (who asks, not how to answer)


def always(request: HttpRequest) -> bool:
    return True


def by_participant(request: HttpRequest) -> str:
    """The account or the known browser; a browser that is new to us has no key."""
    if request.user.is_authenticated:
        return f"user-{request.user.pk}"
    visitor = visitor_of(request)
    return f"visitor-{visitor}" if visitor else ""


def for_participants(
    name: str,
    *,
    limit: int,
    network_limit: int,
    seconds: int,
    counts: Callable[[HttpRequest], bool] = always,
) -> tuple[Limit, Limit]:
    """Everybody does it `limit` times in `seconds`; for `core.decorators.rate_limits`.

    People without an account count by browser and, since whoever throws the cookie away
    is a new one, with all of their network, which has `network_limit`.
    """

    def by_one(request: HttpRequest) -> str:
        return by_participant(request) if counts(request) else ""

    def by_crowd(request: HttpRequest) -> str:
        is_crowd = counts(request) and not request.user.is_authenticated
        return by_network(request) if is_crowd else ""

    return (
        Limit(name, network_limit, seconds, by_crowd),
        Limit(name, limit, seconds, by_one),
    )
