"""Networks from which an account has signed in of late: its homes.

Tries from elsewhere are counted apart from those made there, so that strangers who try
passwords cannot keep an account's owner out (docs/decisions/0015).
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from core import limits
from core.proxies import client_network

if TYPE_CHECKING:
    from django.http import HttpRequest  # noqa: TID251  (who asks, not how to answer)

SECONDS = 30 * 24 * 60 * 60


def home_key(request: HttpRequest, email: str) -> str:
    """What is noted: neither the address nor the network can be read from it."""
    place = f"{email.strip().lower()} {client_network(request)}"
    return f"home:{sha256(place.encode()).hexdigest()}"


def remember(request: HttpRequest, email: str) -> None:
    """The account signed in from here: this is a home for a month."""
    limits.hit(home_key(request, email), limit=1, seconds=SECONDS)


def is_home(request: HttpRequest, email: str) -> bool:
    """Whether somebody with this address has signed in from here. One query."""
    return limits.is_open(home_key(request, email))
