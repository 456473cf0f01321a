from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client

from tests.conftest import signed_in
from tests.factories import make_post, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def reader() -> Client:
    make_post(slug="here")
    return signed_in(make_user())


@pytest.fixture
def away(reader: Client, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No server answers any more where the database was."""
    connection.close()
    with monkeypatch.context() as patch:
        nowhere = {"host": "127.0.0.1", "port": "9", "dbname": "x", "user": "x"}
        patch.setattr(connection, "get_connection_params", lambda: nowhere)
        yield
        connection.close()


@pytest.mark.usefixtures("away")
class TestDatabaseAway:
    @pytest.mark.parametrize("path", ["/", "/posts/here/", "/me/", "/accounts/"])
    def test_pages_answer_503_in_plain_words(self, reader: Client, path: str) -> None:
        response = reader.get(path)

        assert response.status_code == 503
        assert response["Retry-After"] == "10"
        assert b"cannot reach its database" in response.content

    def test_typed_text_comes_back(self, reader: Client) -> None:
        response = reader.post(
            "/posts/here/comments/new/", {"body": "Long <thought>", "key": "k"}
        )

        assert response.status_code == 503
        assert b"Long &lt;thought&gt;" in response.content

    def test_scripts_get_json(self, reader: Client) -> None:
        response = reader.post(
            "/posts/here/comments/new/",
            {"body": "x", "key": "k"},
            headers={"Accept": "application/json"},
        )

        assert response.status_code == 503
        assert "__all__" in response.json()["errors"]

    def test_live_stays_and_ready_goes(self, client: Client) -> None:
        assert client.get("/health/live").status_code == 200
        assert client.get("/health/ready").status_code == 503


def test_ready_while_the_database_answers(client: Client) -> None:
    response = client.get("/health/ready")

    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"


def test_vanished_host_is_noticed_within_three_seconds() -> None:
    options = connection.settings_dict["OPTIONS"]
    # The kernel looks only when it would send again: up to 0.4 s late.
    on_open = options["tcp_user_timeout"] / 1000 + 0.4
    on_new = min(options["tcp_user_timeout"] / 1000, options["connect_timeout"])
    waiting = options["keepalives_idle"] + options["keepalives_interval"]

    assert on_open + on_new <= 3
    assert waiting <= 3
