from __future__ import annotations

from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.fields import TransactionIdField
from core.pagecache.triggers import Touches, announce
from core.querysets import ChangeQuerySet, LimitWindowQuerySet, PurgeQuerySet
from core.statements import Statement


class SiteSettings(models.Model):
    """What the owner says about the blog as a whole: one row, edited in the admin."""

    class CommentPolicy(models.TextChoices):
        CONFIRM = "confirm", "open to all; guests confirm their address"
        MODERATE = "moderate", "open to all; guests wait for a moderator"
        MEMBERS = "members", "open to members"
        CLOSED = "closed", "closed"

    title = models.CharField(max_length=80, default="Byline")
    tagline = models.CharField(
        max_length=160, blank=True, default="Notes on building things that last"
    )
    description = models.TextField(
        max_length=400, blank=True, help_text="For search engines and feeds."
    )
    comment_policy = models.CharField(
        max_length=10, choices=CommentPolicy, default=CommentPolicy.CONFIRM
    )
    closes_after_days = models.PositiveSmallIntegerField(
        "close comments after",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Days since an article appeared. Empty: never.",
    )
    edit_minutes = models.PositiveSmallIntegerField(
        "time for second thoughts",
        default=30,
        help_text="Minutes in which a comment is changed without a trace. Later "
        "changes are shown to everybody.",
    )
    shows_comment_pictures = models.BooleanField(
        "show pictures in comments",
        default=False,
        help_text="Only those that are on this site already. Off: a link to them. "
        "For comments written from now on; `manage.py rerender --all` does the others.",
    )

    class Meta:
        verbose_name_plural = "site settings"
        triggers: ClassVar = announce(Touches("'site'"))
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(pk=1), name="site_settings_is_one_row"),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def load(cls) -> SiteSettings:
        """The settings, or their defaults while nobody has saved any. One query."""
        return saved_settings.first() or cls(pk=1)


saved_settings = Statement(lambda: SiteSettings.objects.filter(pk=1))


class Mark(models.Model):
    """Something that happens once in the life of a database, and has happened."""

    name = models.CharField(max_length=50, primary_key=True)
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class LimitWindow(models.Model):
    """How often one key did one thing in one window of time (see `core.limits`)."""

    key = models.CharField(max_length=120, primary_key=True)
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    objects = LimitWindowQuerySet.as_manager()

    def __str__(self) -> str:
        return self.key


class Change(models.Model):
    """A tag of public pages, and the transaction that touched what it stands for.

    Written by triggers alone (`core.pagecache.triggers`), kept for two hours.
    """

    pk = models.CompositePrimaryKey("xid", "tag")
    xid = TransactionIdField()
    tag = models.CharField(max_length=60)
    noted_at = models.DateTimeField(db_default=Now())

    objects = ChangeQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.tag} by {self.xid}"


class Purge(models.Model):
    """Up to where a shared cache was told what changed: one row, or none yet.

    Written by the worker alone (`core.pagecache.purge`).
    """

    snapshot = models.TextField()
    read_at = models.DateTimeField()

    objects = PurgeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(pk=1), name="purge_is_one_row"),
        ]

    def __str__(self) -> str:
        return self.snapshot
