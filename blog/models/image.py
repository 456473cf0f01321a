from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from blog.pictures import VARIANT_WIDTHS


def as_srcset(files: dict[int, str]) -> str:
    return ", ".join(
        f"{settings.MEDIA_URL}{name} {width}w" for width, name in files.items()
    )


class Image(models.Model):
    """A picture that was decoded and encoded again, named by its content.

    `/media/<digest>.<extension>` is the picture; `/media/<digest>-<width>.webp` is one
    file for each of `widths`, none wider than the picture. `avif_widths` are those of
    `/media/<digest>-<width>.avif`: all that a browser is offered, or none; null until
    the worker has been there.
    """

    digest = models.CharField(max_length=32, editable=False)
    extension = models.CharField(max_length=4, editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    byte_size = models.PositiveIntegerField(editable=False)
    widths = models.JSONField(default=list, editable=False)
    avif_widths = models.JSONField(null=True, editable=False)
    original_name = models.CharField(max_length=200, blank=True, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    uploaded_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["-uploaded_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["digest"], name="image_digest_is_unique"),
        ]

    def __str__(self) -> str:
        return self.original_name or self.name

    @property
    def name(self) -> str:
        return f"{self.digest}.{self.extension}"

    @property
    def url(self) -> str:
        return f"{settings.MEDIA_URL}{self.name}"

    @property
    def files(self) -> dict[int, str]:
        """What a browser chooses from: the name of the file for each width.

        The picture itself is one where it is between two sizes.
        """
        files = {width: f"{self.digest}-{width}.webp" for width in self.widths}
        if files and max(files) < self.width < max(VARIANT_WIDTHS):
            files[self.width] = self.name
        return files

    @property
    def srcset(self) -> str:
        return as_srcset(self.files)

    @property
    def avif_srcset(self) -> str:
        return as_srcset(
            {width: self.avif_name(width) for width in self.avif_widths or ()}
        )

    def avif_name(self, width: int) -> str:
        return f"{self.digest}-{width}.avif"
