from __future__ import annotations

import pytest
from django.test import Client

from accounts.services import make_owner_token
from blog import services
from tests.conftest import signed_in
from tests.factories import make_post, make_user

pytestmark = pytest.mark.django_db


class TestPageNotFound:
    def test_token_without_its_slash_keeps_its_case(self, client: Client) -> None:
        link = services.create_preview_link(make_post(published_at=None), user=None)
        link.token = "-JAEw" + link.token[5:]
        link.save(force_insert=True)
        addresses = [f"/preview/{link.token}", f"/accounts/owner/{make_owner_token()}"]

        for address in addresses:
            moved = client.get(address)

            assert (moved.status_code, moved["Location"]) == (301, f"{address}/")
            assert client.get(moved["Location"]).status_code == 200


FORM = "application/x-www-form-urlencoded"


class TestBadRequest:
    @pytest.mark.parametrize("cookie", ["", "a" * 32])
    @pytest.mark.parametrize(
        ("body", "content_type", "status"),
        [
            (b"body=" + b"x" * 2_200_000, FORM, 413),
            ("&".join(f"a{n}=1" for n in range(1100)).encode(), FORM, 400),
            (b"body=x", f"{FORM}; charset=latin-1", 400),
            (b"body=x", f"{FORM}; charset=utf-16", 400),
            (b"x", "multipart/form-data", 400),
            (b"x", "multipart/form-data; boundary=", 400),
        ],
    )
    def test_form_that_cannot_be_read_is_refused_in_a_sentence(
        self, cookie: str, body: bytes, content_type: str, status: int
    ) -> None:
        make_post(slug="here")
        strict = signed_in(make_user(), enforce_csrf_checks=True)
        if cookie:
            strict.cookies["csrf"] = cookie
        path = "/posts/here/comments/new/"

        page = strict.generic("POST", path, body, content_type)
        said = strict.generic(
            "POST", path, body, content_type, headers={"accept": "application/json"}
        )

        assert (page.status_code, said.status_code) == (status, status)
        assert "Go back" in page.text
        assert "__all__" in said.json()["errors"]

    def test_unknown_host_is_refused(self, client: Client) -> None:
        response = client.get("/", headers={"host": "evil.example"})

        assert response.status_code == 400
        assert "evil" not in response.text
