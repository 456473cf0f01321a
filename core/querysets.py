from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models.functions import Now

if TYPE_CHECKING:
    from core.models import Change, LimitWindow, Purge  # noqa: F401

CHANGES_LIVE = timedelta(hours=2)


class ChangeQuerySet(models.QuerySet["Change"]):
    def old(self) -> Self:
        """Noted so long ago that no process counts on finding it.

        Twice the hour that they count on: a transaction notes before it commits.
        """
        return self.filter(noted_at__lt=Now() - CHANGES_LIVE)


class LimitWindowQuerySet(models.QuerySet["LimitWindow"]):
    def open(self) -> Self:
        return self.filter(ends_at__gt=Now())

    def ended(self) -> Self:
        return self.filter(ends_at__lt=Now())


class PurgeQuerySet(models.QuerySet["Purge"]):
    def recent(self, age: timedelta) -> Self:
        return self.filter(read_at__gt=Now() - age)
