"""What people may be called."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from accounts.models import UserHandle, validate_handle
from core.invisible import shows_something, without_bidi

RESERVED_PREFIX = "demo_"
RESERVED_WORDS = """
    admin administrator anonymous byline deleted mod moderator moderators official
    owner security staff support system webmaster
"""
# A person's page lives under "@", so no address needs protection. Readers do: nobody
# shall speak to them with an authority that was not given.
RESERVED = frozenset(RESERVED_WORDS.split())


def clean_display_name(name: str) -> str:
    """The name as it is stored: empty where nobody would see anything of it."""
    name = without_bidi(name)
    return name if shows_something(name) else ""


def clean_handle(handle: str, *, is_official: bool = False) -> str:
    """The handle as it is stored. Raises `ValidationError` with what is wrong.

    `is_official` is whoever may speak for the blog: `@admin` or `@owner` is theirs.
    """
    handle = handle.strip().removeprefix("@").lower()
    validate_handle(handle)
    is_kept = handle in RESERVED or handle.startswith(RESERVED_PREFIX)
    if is_kept and not is_official:
        raise ValidationError("This handle is kept for the blog itself.")
    if UserHandle.objects.filter(handle=handle).exists():
        raise ValidationError("Somebody has this handle already. Try another.")
    return handle
