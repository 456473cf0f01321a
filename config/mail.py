"""Django's `MAILERS` entry for `EMAIL_URL`."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote

from django.core.exceptions import ImproperlyConfigured

from config import env

FORM = "smtp://user:password@mail.example:587"


def mailer(url: str, folder: Path) -> dict[str, Any]:
    """Mail by `smtp://user:password@host:587` (STARTTLS), `smtps://…:465` (TLS).

    `smtp+plain://host:25` speaks without encryption, for a relay on the same machine.
    Without an address, every message becomes a file in `folder`.
    """
    if not url:
        return {
            "BACKEND": "core.mail_files.EmailBackend",
            "OPTIONS": {"folder": folder},
        }
    parts = env.address("EMAIL_URL", url, {"smtp", "smtps", "smtp+plain"}, FORM)
    if not parts.hostname:
        raise ImproperlyConfigured(f"EMAIL_URL must look like {FORM}.")
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": parts.hostname,
            "port": parts.port or {"smtps": 465, "smtp": 587}.get(parts.scheme, 25),
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_tls": parts.scheme == "smtp",
            "use_ssl": parts.scheme == "smtps",
            "timeout": 10,
        },
    }
