from __future__ import annotations

from django.db import OperationalError


class ServerError(OperationalError):
    """The server cannot be used. Its text is a sentence for the operator.

    To Django it is a database that is away: pages answer 503, commands end with 1.
    """
