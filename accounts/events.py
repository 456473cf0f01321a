"""The log of what happens to accounts: who, what, from where; never a secret."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

from allauth.core import context

from core.proxies import client_network

if TYPE_CHECKING:
    from accounts.models import User

logger = logging.getLogger("byline.accounts")


def record(event: str, user: User | None, **details: object) -> None:
    """Log one event as one line; what people typed cannot begin another.

    The client is that of the request being answered, if there is one. An address that
    nobody owns is not logged: people type passwords there.
    """
    request = context.request
    line = {
        "event": event,
        "user": user.pk if user else None,
        "handle": user.handle if user else None,
        "client": client_network(request) if request else None,
        **details,
    }
    logger.info("%s", json.dumps(line))
