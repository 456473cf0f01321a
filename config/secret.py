"""The secret key: from the environment, or from the file that `serve` made."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

FILE = "secret-key"


def secret_key(data_dir: Path) -> str:
    """The key to sign with; a key that is nowhere set is an error, never a default."""
    if key := os.environ.get("SECRET_KEY", "").strip():
        return key
    try:
        return (data_dir / FILE).read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. `manage.py serve` makes one; "
            "elsewhere set it to 50 random characters or more."
        ) from error


def make_secret_key(data_dir: Path) -> None:
    """Write a new key, readable by its owner alone, unless there is one."""
    data_dir.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(data_dir / FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
