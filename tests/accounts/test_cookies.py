from __future__ import annotations

import json
import os
import subprocess
import sys

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
