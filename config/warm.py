"""What the first reader would wait for, done before the workers are forked.

They share it: done once, and in memory once.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.template import Engine
from django.template.loader import get_template
from django.urls import resolve, reverse
from django.utils.module_loading import import_string


def warm() -> None:
    """Import addresses and views, compile the templates. Asks no database."""
    resolve(reverse("blog:home"))
    import_string(settings.STORAGES["staticfiles"]["BACKEND"])
    for folder in Engine.get_default().dirs:
        for path in Path(folder).rglob("*.html"):
            get_template(path.relative_to(folder).as_posix())
