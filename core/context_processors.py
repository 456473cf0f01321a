from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.functional import SimpleLazyObject

from core.models import SiteSettings

if TYPE_CHECKING:
    from django.http import HttpRequest  # noqa: TID251


def site(request: HttpRequest) -> dict[str, object]:
    """`site`, read from the database by the first template that names it."""
    return {"site": SimpleLazyObject(SiteSettings.load)}
