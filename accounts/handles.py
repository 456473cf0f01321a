"""Which handles may be taken."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from accounts.models import UserHandle, validate_handle

RESERVED_PREFIX = "demo_"
RESERVED_WORDS = """
    about abuse account accounts admin administrator all anonymous api author
    authors blog byline comment comments contact deleted editor editors everyone
    feed feeds guest health help here host hostmaster info legal login logout
    mail mailer_daemon maintainer me media member members moderator moderators
    news newsletter nobody none null official operator owner post postmaster
    posts preview privacy register robot root rss search security series
    settings signup site sitemap staff static support sysadmin system tag tags
    team terms test undefined user users webmaster www you
"""
RESERVED = frozenset(RESERVED_WORDS.split())


def clean_handle(handle: str) -> str:
    """The handle as it is stored. Raises `ValidationError` with what is wrong."""
    handle = handle.strip().removeprefix("@").lower()
    validate_handle(handle)
    if handle in RESERVED or handle.startswith(RESERVED_PREFIX):
        raise ValidationError("This handle is kept for the blog itself.")
    if UserHandle.objects.filter(handle=handle).exists():
        raise ValidationError("Somebody has this handle already. Try another.")
    return handle
