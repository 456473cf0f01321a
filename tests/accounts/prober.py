from __future__ import annotations

import re

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.accounts.hashers import CountingHasher


class Prober:
    """Uses an address that may be somebody's, and notes all that can be seen."""

    def __init__(self, email: str) -> None:
        self.email = email
        self.answers: list[tuple[object, ...]] = []
        self.query_counts: list[int] = []
        self.hash_counts: list[int] = []
        self.browser, self.other = Client(), Client()

    @property
    def codes(self) -> list[object]:
        return [answer[0] for answer in self.answers]

    def note(
        self,
        browser: Client,
        path: str,
        data: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        before = CountingHasher.count
        with CaptureQueriesContext(connection) as queries:
            if data is None:
                response = browser.get(path, headers=headers)
            else:
                response = browser.post(path, data, headers=headers)
        self.query_counts.append(len(queries))
        self.hash_counts.append(CountingHasher.count - before)
        text = re.sub(
            r'((?:csrfmiddlewaretoken" value=|"csrf": ))"\w+"', r"\1", response.text
        )
        text = re.sub(re.escape(self.email), "ADDRESS", text, flags=re.IGNORECASE)
        cookies = {
            name: (len(cookie.value), dict(cookie) | {"expires": ""})
            for name, cookie in response.cookies.items()
        }
        seen = dict(response.headers) | {"Expires": ""}
        self.answers.append((response.status_code, text, seen, cookies))
