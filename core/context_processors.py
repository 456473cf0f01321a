from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from core.models import SiteSettings

if TYPE_CHECKING:
    from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """`site`, read by the first template that names it, and `origin`, before links."""
    return {"site": SimpleLazyObject(SiteSettings.load), "origin": settings.ORIGIN}
