"""Keeping pictures, and finding those a text shows."""

from __future__ import annotations

import hashlib
import re
from typing import IO, TYPE_CHECKING

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from procrastinate.contrib.django import app

from blog.models import Image
from blog.pictures import (
    MAX_BYTES,
    ImageRefused,
    ImageTooLarge,
    Picture,
    clean_picture,
)
from core.markup import ImageInfo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from accounts.models import User

__all__ = [
    "ImageRefused",
    "ImageTooLarge",
    "hold_images",
    "keep_picture",
    "lookup_in",
    "resolver_for",
    "store_image",
]

DIGEST_LENGTH = 32
IMAGE_NAME = re.compile(rf"/media/([0-9a-f]{{{DIGEST_LENGTH}}})\.[a-z]{{3,4}}\b")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def store_image(
    file: IO[bytes] | bytes, *, uploaded_by: User | None, name: str = ""
) -> Image:
    """Keep a picture, cleaned and under the name of its content.

    Raises `ImageRefused` with nothing stored. The same picture again, also at the same
    moment, is the same row. Files are written before the row, so that no row is
    without its files; `name` is only noted.
    """
    data = file if isinstance(file, bytes) else file.read(MAX_BYTES + 1)
    return keep_picture(clean_picture(data), uploaded_by=uploaded_by, name=name)


def keep_picture(picture: Picture, *, uploaded_by: User | None, name: str) -> Image:
    """The second half of `store_image`, for a picture that is clean already."""
    digest = hashlib.sha256(picture.data).hexdigest()[:DIGEST_LENGTH]
    files = {f"{digest}-{width}.webp": data for width, data in picture.variants.items()}
    files[f"{digest}.{picture.extension}"] = picture.data
    has_written = write_files(files)
    with transaction.atomic():
        image, is_new = Image.objects.get_or_create(
            digest=digest,
            defaults={
                "extension": picture.extension,
                "width": picture.width,
                "height": picture.height,
                "byte_size": len(picture.data),
                "widths": sorted(picture.variants),
                "avif_widths": None if picture.variants else [],
                "original_name": readable_name(name),
                "uploaded_by": uploaded_by,
            },
        )
        # Where files were lost, those of the worker are lost, too.
        if picture.variants and (is_new or has_written):
            # By its name: the task needs this module.
            app.configure_task("make_avif").defer(image_pk=image.pk)
    return image


def write_files(files: dict[str, bytes]) -> bool:
    """Write those that are not there; whether there was one."""
    missing = [name for name in files if not default_storage.exists(name)]
    for name in missing:
        default_storage.save(name, ContentFile(files[name]))
    return bool(missing)


def readable_name(name: str) -> str:
    """The end of a file's path, for people; never a path on any disk."""
    return CONTROL.sub("", name.replace("\\", "/").rsplit("/", 1)[-1]).strip()[:200]


def resolver_for(text: str) -> Callable[[str], ImageInfo | None]:
    """What `core.markup.render` asks about pictures: one query, none without any."""
    digests = set(IMAGE_NAME.findall(text))
    return lookup_in(Image.objects.filter(digest__in=digests) if digests else [])


def lookup_in(images: Iterable[Image]) -> Callable[[str], ImageInfo | None]:
    known = {
        image.url: ImageInfo(image.width, image.height, image.srcset, image.avif_srcset)
        for image in images
    }
    return known.get


def hold_images(text: str) -> list[Image]:
    """The pictures a text names, as they stay until the transaction ends.

    So the worker, which first notes its files and then looks for the posts that show
    them, finds every post that was rendered without. One query, none without any.
    """
    digests = set(IMAGE_NAME.findall(text))
    if not digests:
        return []
    # In one order, so that nobody waits in a circle.
    query = "SELECT * FROM blog_image WHERE digest = ANY(%s) ORDER BY id FOR SHARE"
    return list(Image.objects.raw(query, [list(digests)]))
