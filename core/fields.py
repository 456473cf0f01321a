from __future__ import annotations

from django.db import models


class TransactionIdField(models.BigIntegerField[int, int]):
    """A transaction's number, as PostgreSQL counts them without ever beginning anew."""

    def db_type(self, connection: object) -> str:
        return "xid8"
