from __future__ import annotations

import pytest
from django.test import Client

from comments.models import Comment
from tests.factories import make_post, make_user

pytestmark = pytest.mark.django_db

PATH = "/posts/here/comments/new/"


@pytest.fixture
def writer() -> Client:
    make_post(slug="here")
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user())
    return client


@pytest.mark.parametrize("token", [{}, {"csrfmiddlewaretoken": "stale"}])
def test_missing_or_stale_token_gives_the_text_back(
    writer: Client, token: dict[str, str]
) -> None:
    response = writer.post(PATH, {"body": "A <long> thought", "key": "k"} | token)

    assert response.status_code == 403
    assert "A &lt;long&gt; thought" in response.content.decode()
    assert not Comment.objects.exists()


def test_token_from_me_is_taken(writer: Client) -> None:
    token = writer.get("/me/").json()["csrf"]

    response = writer.post(
        PATH, {"body": "Hello", "key": "k"}, headers={"X-CSRFToken": token}
    )

    assert response.status_code == 303
    assert Comment.objects.get().body == "Hello"


def test_another_origin_is_refused(writer: Client) -> None:
    token = writer.get("/me/").json()["csrf"]

    response = writer.post(
        PATH,
        {"body": "Hello", "key": "k"},
        headers={"X-CSRFToken": token, "Origin": "https://evil.example"},
    )

    assert response.status_code == 403
    assert not Comment.objects.exists()
