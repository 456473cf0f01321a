"""`/me/`: what is personal about a page, in one private answer.

Apps above say what they know: each registers a function that fills in its part.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.http import (  # noqa: TID251  (this module is a view and its registry)
    HttpRequest,
    HttpResponse,
    JsonResponse,
)
from django.middleware.csrf import get_token
from django.utils.functional import SimpleLazyObject
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.participants import participant_of
from core.models import SiteSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from accounts.participants import Participant

    Part = Callable[["Answer"], None]

MAX_COMMENTS = 500

parts: list[Part] = []


@dataclass
class Answer:
    """What is known so far. `post_id` is empty where no published post was named."""

    user: User | AnonymousUser
    asking: Participant
    slug: str
    post_id: int | None = None
    post: dict[str, Any] | None = None
    comments: dict[str, dict[str, Any]] = field(default_factory=dict)
    # One query, and only for who has something that waits: few have.
    site: Any = field(default_factory=lambda: SimpleLazyObject(SiteSettings.load))


def register(part: Part) -> Part:
    """Have `part` fill in the answer, after those registered before it.

    It is called for strangers too, with an anonymous user.
    """
    parts.append(part)
    return part


@never_cache
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    slug = request.GET.get("post", "").replace("\0", "")
    answer = Answer(request.user, participant_of(request), slug)
    for part in parts:
        part(answer)
    return JsonResponse(
        {
            "user": describe(request.user),
            "csrf": get_token(request),
            "notifications": 0,
            "post": answer.post,
            "comments": answer.comments,
        }
    )


def describe(user: User | AnonymousUser) -> dict[str, str] | None:
    if not user.is_authenticated:
        return None
    return {"handle": user.handle, "name": user.name, "url": user.get_absolute_url()}
