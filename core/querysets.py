from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models.functions import Now


class LimitWindowQuerySet(models.QuerySet["LimitWindow"]):
    def ended(self) -> Self:
        return self.filter(ends_at__lt=Now())
