"""What tests of guests share: a browser that writes, and the link in its mail."""

from __future__ import annotations

import re
import time
from itertools import count
from typing import TYPE_CHECKING, Any

from django.test import Client

from comments.forms import make_opened
from comments.models import Comment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.mail import EmailMessage

JSON = {"Accept": "application/json"}
PATH = "/posts/talk/comments/new/"
LINK = re.compile(r"http://\S+(/comments/confirm/\S+)")
numbers = count(1)


def words(**overrides: Any) -> dict[str, Any]:
    """What a person sends who took their time."""
    return {
        "name": "Grace",
        "email": "grace@example.org",
        "body": "Well **said**",
        "key": f"guest-key-{next(numbers)}",
        "opened": make_opened(time.time() - 30),
    } | overrides


def write(client: Client, path: str = PATH, **overrides: Any) -> Any:
    return client.post(path, words(**overrides))


def write_one(client: Client, path: str = PATH, **overrides: Any) -> Comment:
    response = write(client, path, **overrides)
    assert response.status_code == 303, response.content
    return Comment.objects.latest("pk")


def link_of(mails: Sequence[EmailMessage]) -> str:
    """The path of the newest link for confirming."""
    found = LINK.search(str(mails[-1].body))
    assert found
    return found[1]


def confirm(mails: Sequence[EmailMessage]) -> Any:
    """Press the button of the newest link, in a browser of its own."""
    return Client().post(link_of(mails))
