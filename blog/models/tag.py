from __future__ import annotations

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse

from blog.querysets import TagQuerySet
from core.slugs import MAX_LENGTH, PATTERN

TAG_NAME_MAX_LENGTH = 50

validate_slug = RegexValidator(
    rf"\A{PATTERN}\Z", "Letters, digits and single hyphens between them."
)


class Tag(models.Model):
    name = models.CharField(max_length=TAG_NAME_MAX_LENGTH)
    slug = models.CharField(max_length=MAX_LENGTH, validators=[validate_slug])
    description = models.TextField(max_length=400, blank=True)

    objects = TagQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["slug"], name="tag_slug_is_unique"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("blog:tag_detail", args=[self.slug])


class TagSlug(models.Model):
    """Every slug a tag has had, its own among them: a foreign key says so."""

    slug = models.CharField(max_length=MAX_LENGTH, primary_key=True)
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="slugs")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tag", "slug"], name="tag_slug_pair"),
        ]

    def __str__(self) -> str:
        return self.slug
