"""Signing up, as a browser does it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.test import Client

from tests.factories import PASSWORD

if TYPE_CHECKING:
    from tests.conftest import Outbox

CODE_PAGE = "/accounts/confirm-email/"


def sign_up(client: Client, **overrides: str) -> Any:
    data = {"email": "ada@example.org", "handle": "ada", "password1": PASSWORD}
    return client.post("/accounts/signup/", data | overrides)


def code_in(outbox: Outbox) -> str:
    found = re.search(r"^ {4}(\S+)$", str(outbox()[-1].body), re.MULTILINE)
    assert found
    return found[1]
