from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F
from django.db.models.functions import Lower
from django.db.models.lookups import Exact
from django.utils import timezone

NAME_MAX_LENGTH = 60


class Guest(models.Model):
    """Somebody without an account: a browser, with an address that nobody is shown.

    Trusted once the address was confirmed or a moderator approved something of theirs:
    what this browser says with this address is then seen at once.
    """

    visitor = models.UUIDField()
    email = models.EmailField(max_length=254)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    trusted_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["visitor", "email"], name="guest_is_known_once"
            ),
            models.CheckConstraint(
                condition=Exact(F("email"), Lower("email")),
                name="guest_email_is_lower_case",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["email"], name="guest_email")]

    def __str__(self) -> str:
        return f"guest {self.pk}"
