"""Collect static files, unless nothing changed since the last time."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django import get_version
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect_static_files() -> None:
    """Fill `STATIC_ROOT`. Compressing takes seconds, looking takes milliseconds."""
    root = Path(settings.STATIC_ROOT)
    stamp = root.with_name(f".{root.name}-stamp")
    now = _fingerprint()
    if (root / "staticfiles.json").exists() and _read(stamp) == now:
        return
    stamp.unlink(missing_ok=True)
    root.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(now)


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except FileNotFoundError:
        return ""


def _fingerprint() -> str:
    digest = hashlib.sha256(get_version().encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            state = Path(storage.path(name)).stat()
            digest.update(f"{name} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()
