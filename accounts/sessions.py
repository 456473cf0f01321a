"""Django's sessions in the database; the question for one is worded once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from core.statements import Given, Statement

if TYPE_CHECKING:
    from django.contrib.sessions.base_session import AbstractBaseSession

session_by_key = Statement(
    lambda: Session.objects.filter(
        session_key=Given("key"), expire_date__gt=Given("now")
    )
)


class SessionStore(db.SessionStore):
    # By its name the data is signed: sessions of Django's own store stay good.
    def _get_session_from_db(self) -> AbstractBaseSession | None:
        found = session_by_key.first(key=self.session_key, now=timezone.now())
        if found is None:
            self._session_key = None
        return found
