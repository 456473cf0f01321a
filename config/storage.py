from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import brotli
from django.core.files.storage import FileSystemStorage
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

from config.stylesheets import BundledSource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.core.files import File

    from config.stylesheets import Source


class QuickCompressor(Compressor):  # type: ignore[misc]
    """Compresses a file once: its name holds its content's hash.

    Quality 9 of brotli takes a tenth of the time of 11, for 2 % more bytes.
    """

    def compress(self, path: str) -> list[str]:
        made = [
            path + suffix for suffix in (".br", ".gz") if os.path.exists(path + suffix)
        ]
        return made or super().compress(path)

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        return bytes(brotli.compress(data, quality=9))

    def write_data(
        self, path: str, data: bytes, suffix: str, stat_result: os.stat_result
    ) -> str:
        """Write it whole or not at all, since what is there is not made again."""
        partial = super().write_data(path, data, f".partial{suffix}", stat_result)
        os.replace(partial, path + suffix)
        return path + suffix


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed, compressed files; a stylesheet holds what it imports into layers."""

    support_js_module_import_aggregation = True

    def post_process(
        self, paths: dict[str, tuple[Source, str]], *args: Any, **options: Any
    ) -> Iterator[tuple[str, str | None, bool | Exception]]:
        bundled = {
            name: (BundledSource(source) if name.endswith(".css") else source, path)
            for name, (source, path) in paths.items()
        }
        yield from super().post_process(bundled, *args, **options)

    def create_compressor(self, **options: Any) -> Compressor:
        return QuickCompressor(**options)


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
