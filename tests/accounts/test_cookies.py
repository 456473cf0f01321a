from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from tests.factories import PASSWORD, make_kinds, make_post, make_user

PRIVACY = Path(__file__).resolve().parents[2] / "docs/howto/privacy.md"
COOKIE_ROW = re.compile(r"^\| `(\w+)` \|.*\| ([^|]+) \|$", re.M)

PRINT = """
import json
from config import settings
print(json.dumps({name: getattr(settings, name) for name in (
    "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE", "CSRF_COOKIE_HTTPONLY",
)}))
"""


def cookies_at(origin: str) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-c", PRINT],
        env={**os.environ, "BYLINE_ORIGIN": origin},
        capture_output=True,
        check=True,
        text=True,
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_cookies_are_bound_to_the_host_under_https() -> None:
    assert cookies_at("https://blog.example") == {
        "SESSION_COOKIE_NAME": "__Host-session",
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "CSRF_COOKIE_SECURE": True,
        "CSRF_COOKIE_HTTPONLY": True,
    }


def test_cookies_work_without_https_on_a_laptop() -> None:
    found = cookies_at("http://127.0.0.1:8000")

    assert found["SESSION_COOKIE_NAME"] == "session"
    assert found["SESSION_COOKIE_SECURE"] is False


@pytest.mark.django_db
def test_every_cookie_is_told_with_its_time(client: Client) -> None:
    user, _ = make_user(), make_post(slug="talk")
    make_kinds()
    client.get("/posts/talk/comments/new/")
    client.post("/posts/talk/reactions/", {"kind": "love", "state": "on"})
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    client.post("/accounts/logout/")
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})

    told = dict(COOKIE_ROW.findall(PRIVACY.read_text(encoding="utf-8")))
    days = {
        name: int(morsel["max-age"]) // (24 * 60 * 60)
        for name, morsel in client.cookies.items()
        if morsel["max-age"]
    }
    assert set(days) == {"session", "csrf", "byline_visitor", "byline_known"}
    for name, n in days.items():
        assert told[name].startswith(f"{n} days"), name
    assert set(told) == {*client.cookies, "byline_theme", "messages"}
