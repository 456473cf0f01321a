from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DjangoStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.sessions import SessionStore

pytestmark = pytest.mark.django_db


@pytest.fixture
def key() -> str:
    session = SessionStore()
    session["said"] = "hello"
    session.create()
    return str(session.session_key)


def test_site_uses_it() -> None:
    assert import_module(settings.SESSION_ENGINE).SessionStore is SessionStore


def test_each_key_has_its_own_session(key: str) -> None:
    other = SessionStore()
    other.create()

    assert SessionStore(key)["said"] == "hello"
    assert "said" not in SessionStore(other.session_key)


def test_unknown_key_is_an_empty_session_without_a_key() -> None:
    session = SessionStore("x" * 32)

    assert dict(session.items()) == {}
    assert session.session_key is None


def test_ended_session_is_forgotten(key: str) -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    assert "said" not in SessionStore(key)


def test_sessions_of_djangos_store_stay_good() -> None:
    old = DjangoStore()
    old["said"] = "before"
    old.create()

    assert SessionStore(old.session_key)["said"] == "before"
