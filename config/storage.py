from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

from config.stylesheets import BundledSource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.core.files import File

    from config.stylesheets import Source


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Hashed, compressed static files; a stylesheet holds what it imports into layers."""

    support_js_module_import_aggregation = True

    def post_process(
        self, paths: dict[str, tuple[Source, str]], *args: Any, **options: Any
    ) -> Iterator[tuple[str, str | None, bool | Exception]]:
        bundled = {
            name: (BundledSource(source), path)
            if name.endswith(".css")
            else (source, path)
            for name, (source, path) in paths.items()
        }
        yield from super().post_process(bundled, *args, **options)


class MediaStorage(FileSystemStorage):
    """Files appear whole or not at all; saving a name again replaces the file."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _save(self, name: str, content: File[bytes]) -> str:
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(prefix=".partial-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
            os.chmod(partial, 0o644)
            os.replace(partial, path)
        except BaseException:
            os.unlink(partial)
            raise
        return name
