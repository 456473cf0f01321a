"""The secret key: from the environment, or from the file that `serve` made."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

FILE = "secret-key"


def secret_key(data_dir: Path) -> str:
    """The key to sign with; a key that is nowhere set is an error, never a default."""
    key = os.environ.get("SECRET_KEY", "").strip() or _read(data_dir / FILE)
    if not key:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. `manage.py serve` makes one; "
            "elsewhere set it to 50 random characters or more."
        )
    return key


def make_secret_key(data_dir: Path) -> None:
    """Write a new key, readable by its owner alone, unless there is one.

    It appears whole or not at all: a disk may be full, and another process as quick.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    path = data_dir / FILE
    if _read(path):
        return
    handle, new = tempfile.mkstemp(prefix=f".{FILE}-", dir=data_dir)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
            file.flush()
            os.fsync(handle)
        _put(Path(new), path)
    finally:
        Path(new).unlink(missing_ok=True)


def _put(new: Path, path: Path) -> None:
    try:
        os.link(new, path)
    except OSError:
        # There is one already, perhaps an empty one; or this disk knows no links.
        if not _read(path):
            new.replace(path)


def _read(path: Path) -> str:
    """What the file says; nothing where it is missing or was left empty."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise ImproperlyConfigured(
            f"The secret key cannot be read from {path}: {error.strerror}."
        ) from error
