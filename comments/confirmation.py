"""The mail by which guests show that an address is theirs.

It says under which article somebody wrote, and nothing that they wrote: it may go to an
address that was typed to annoy its owner.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import salted_hmac

from comments.models import Guest
from core import limits, mail

if TYPE_CHECKING:
    from blog.models import Post

SALT = "comments.confirmation"
MAX_AGE = 7 * 24 * 60 * 60
MAILS_AN_HOUR = 5


class LinkBroken(LookupError):
    """Not a link of ours, or of a guest who is gone."""


class LinkTooOld(LookupError):
    """The link was good once, for `guest`."""

    def __init__(self, guest: Guest) -> None:
        super().__init__()
        self.guest = guest


def signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=SALT, sep=".")


def make_token(guest: Guest) -> str:
    return signer().sign(str(guest.pk))


def guest_of(token: str) -> Guest:
    """Whose address the link confirms. Raises `LinkBroken`, `LinkTooOld`."""
    try:
        guest = Guest.objects.get(pk=int(signer().unsign(token)))
        signer().unsign(token, max_age=MAX_AGE)
    except signing.SignatureExpired as error:
        raise LinkTooOld(guest) from error
    except (signing.BadSignature, Guest.DoesNotExist) as error:
        raise LinkBroken from error
    return guest


def send(guest: Guest, post: Post) -> int:
    """Mail the link in the current transaction; 0, or seconds to wait and no mail.

    What was mailed earlier confirms what is written later, too.
    """
    address = salted_hmac(SALT, guest.email, algorithm="sha256").hexdigest()
    key = f"confirmation:{address}"
    if wait := limits.hit(key, limit=MAILS_AN_HOUR, seconds=60 * 60):
        return wait
    path = reverse("comments:guest_confirm", args=[make_token(guest)])
    context = {"post": post, "url": settings.ORIGIN + path}
    mail.send("comments/mail/confirm", to=guest.email, context=context)
    return 0
