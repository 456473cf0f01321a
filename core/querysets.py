from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models.functions import Now

if TYPE_CHECKING:
    from core.models import LimitWindow  # noqa: F401


class LimitWindowQuerySet(models.QuerySet["LimitWindow"]):
    def ended(self) -> Self:
        return self.filter(ends_at__lt=Now())
