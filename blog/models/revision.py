from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from blog.models.post import Post
from blog.querysets import PreviewLinkQuerySet

PREVIEW_LINK_AGE = timedelta(days=7)


class Revision(models.Model):
    """A saved state of a post's words."""

    class Kind(models.TextChoices):
        SAVE = "save", "saved"
        AUTOSAVE = "autosave", "autosaved"

    post = models.ForeignKey(Post, models.CASCADE, related_name="revisions")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.SAVE)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    body = models.TextField(blank=True)
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["post", "version"],
                condition=Q(kind="save"),
                name="revision_version_is_unique",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.version})"


class PreviewLink(models.Model):
    """Whoever has the token may read the draft, until it expires or is revoked."""

    token = models.CharField(max_length=43, primary_key=True)
    post = models.ForeignKey(Post, models.CASCADE, related_name="preview_links")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    expires_at = models.DateTimeField()

    objects = PreviewLinkQuerySet.as_manager()

    def __str__(self) -> str:
        return f"until {self.expires_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("blog:post_preview", args=[self.token])


class ImportedFile(models.Model):
    """A file without a slug that became a post: it is known by what stood in it."""

    digest = models.CharField(max_length=64, primary_key=True)
    post = models.ForeignKey(Post, models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return self.digest
