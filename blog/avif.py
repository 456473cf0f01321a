"""The AVIF files of a picture, made by the worker after it was kept."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.files.storage import default_storage
from django.db.models.functions import Now

from blog import services
from blog.images import write_files
from blog.models import Image
from blog.pictures import ImageRefused, avif_of

if TYPE_CHECKING:
    from collections.abc import Iterable

logger = logging.getLogger(__name__)

FORGOTTEN_AFTER = timedelta(hours=1)
FORGOTTEN_AT_ONCE = 200


def make_avif(pk: int) -> int:
    """Keep a picture as AVIF where that is smaller; how many posts are stale by it.

    Files are written before the row says so, and the posts that show the picture are
    looked for after it has said so: whoever dies between does it again. Nothing is done
    where the row is gone, and no file is made where the picture is.
    """
    image = Image.objects.filter(pk=pk).first()
    if image is None:
        return 0
    files = encoded(image)
    write_files({image.avif_name(width): data for width, data in files.items()})
    Image.objects.filter(pk=pk).update(avif_widths=sorted(files))
    return services.expire_posts_with(pk) if files or image.avif_widths else 0


def encoded(image: Image) -> dict[int, bytes]:
    if not image.files:
        return {}
    try:
        below = {w: default_storage.size(name) for w, name in image.files.items()}
        with default_storage.open(image.name) as file:
            return avif_of(file.read(), below)
    except (FileNotFoundError, ImageRefused) as error:
        logger.warning("The picture %s gets no AVIF: %s", image.name, error)
        return {}


def forgotten() -> Iterable[int]:
    """Pictures that nobody has looked at for an hour, some at a time.

    They were kept before there was AVIF, or their task has failed.
    """
    kept = Image.objects.filter(
        avif_widths__isnull=True, uploaded_at__lt=Now() - FORGOTTEN_AFTER
    )
    return kept.order_by("pk").values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE]
