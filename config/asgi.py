"""Byline as gunicorn runs it: the page cache, and Django behind it."""

from __future__ import annotations

import os
import re
from pathlib import Path

from django.conf import settings
from whitenoise.media_types import MediaTypes

from blog import media
from blog.pictures import MAX_BYTES
from config.wsgi import application as django
from core.pagecache.files import Folder
from core.pagecache.front import Front
from core.pagecache.purge_front import HeldFront

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

MEGABYTE = 1024 * 1024
YEAR = 365 * 24 * 60 * 60
HASHED = re.compile(r".+\.[0-9a-f]{12}\.\w+")
STATIC_NAME = re.compile(r"(?:[\w+-][\w+.-]*/)*[\w+-][\w+.-]*(?<!\.br)(?<!\.gz)")
LIMITS = {
    "/admin/": 4 * MEGABYTE,
    "/admin/blog/upload/": MAX_BYTES + MEGABYTE,
}

types = MediaTypes(
    extra_types={".speculationrules": "application/speculationrules+json"}
)


def static_headers(name: str) -> dict[str, str]:
    is_hashed = HASHED.fullmatch(name) is not None
    age = f"max-age={YEAR}, immutable" if is_hashed else "max-age=60"
    kind = types.get_type(name)
    if kind.startswith("text/") or kind.endswith("javascript"):
        kind += "; charset=utf-8"
    return {
        "Content-Type": kind,
        "Cache-Control": f"public, {age}",
        "Access-Control-Allow-Origin": "*",
        "X-Content-Type-Options": "nosniff",
    }


def media_headers(name: str) -> dict[str, str]:
    kind = media.TYPES[name.rpartition(".")[2]]
    return {"Content-Type": kind, **media.HEADERS}


options = {} if settings.SHARED_CACHE is None else {"cache": settings.SHARED_CACHE}

application = (HeldFront if options else Front)(
    django,
    room=settings.PAGE_CACHE_MB * MEGABYTE,
    threads=settings.THREADS,
    folders=[
        Folder("/static/", Path(settings.STATIC_ROOT), STATIC_NAME, static_headers),
        Folder("/media/", Path(settings.MEDIA_ROOT), media.NAME, media_headers),
    ],
    limits=LIMITS,
    **options,
)
