from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from core.pagecache import changes
from core.pagecache.tags import SITE


class Command(BaseCommand):
    help = "Have every public page made again, here and in the cache before us."

    def handle(self, *args: Any, **options: Any) -> None:
        changes.touch(SITE)
