from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client
from django.utils import timezone

from accounts import services
from accounts.models import OwnerInvitation, User
from accounts.permissions import is_member
from tests.factories import PASSWORD, make_owner, make_user

pytestmark = pytest.mark.django_db
DATA = {"email": "Ada@example.org", "handle": "ada", "password1": PASSWORD}


def link() -> str:
    return f"/accounts/owner/{services.make_owner_token()}/"


class TestOwnerSetup:
    def test_makes_the_owner_and_opens_the_desk(self, client: Client) -> None:
        address = link()
        page = client.get(address)

        response = client.post(address, DATA | {"site_title": "Notes"}, follow=True)

        assert page.status_code == 200
        assert page.headers["Referrer-Policy"] == "same-origin"
        assert "no-store" in page.headers["Cache-Control"]
        assert response.redirect_chain[-1][0] == "/admin/"
        assert response.status_code == 200
        owner = User.objects.get()
        assert (owner.is_superuser, owner.is_staff, is_member(owner)) == (True,) * 3
        assert owner.email == "ada@example.org"
        assert "Notes" in Client().get("/accounts/login/").text

    def test_link_is_used_once(self, client: Client) -> None:
        address = link()
        client.post(address, DATA)

        assert client.get(address).status_code == 404
        other = {"email": "b@example.org", "handle": "bob", "password1": PASSWORD}
        assert client.post(address, other).status_code == 404
        assert not OwnerInvitation.objects.exists()

    def test_wrong_replaced_and_expired_links_do_not_exist(
        self, client: Client
    ) -> None:
        first = link()
        second = link()

        assert client.get("/accounts/owner/nothing/").status_code == 404
        assert client.get(first).status_code == 404
        assert client.get(second).status_code == 200
        with time_machine.travel(timezone.now() + timedelta(hours=25)):
            assert client.get(second).status_code == 404
            assert client.post(second, DATA).status_code == 404

    def test_link_ends_when_there_is_an_owner(self, client: Client) -> None:
        address = link()
        make_owner()

        assert client.get(address).status_code == 404
        assert client.post(address, DATA).status_code == 404
        with pytest.raises(services.OwnerExists):
            services.make_owner_token()

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("email", "no address"),
            ("email", "taken@example.org"),
            ("handle", "taken"),
            ("handle", "a b"),
            ("password1", "password"),
            ("password1", ""),
        ],
    )
    def test_bad_input_leaves_the_link(
        self, client: Client, field: str, value: str
    ) -> None:
        make_user(email="taken@example.org", handle="taken")
        address = link()

        response = client.post(address, DATA | {field: value})

        assert response.status_code == 422
        assert list(response.context["form"].errors) == [field]
        assert client.post(address, DATA).status_code == 302

    @pytest.mark.parametrize("handle", ["owner", "admin"])
    def test_owner_may_be_called_so(self, client: Client, handle: str) -> None:
        response = client.post(link(), DATA | {"handle": handle})

        assert response.status_code == 302
        assert User.objects.get(handle=handle).is_superuser

    def test_script_gets_json(self, client: Client) -> None:
        headers = {"accept": "application/json"}
        address = link()

        bad = client.post(address, DATA | {"handle": "a b"}, headers=headers)
        good = client.post(address, DATA, headers=headers)
        gone = Client().post(address, DATA, headers=headers)

        assert (bad.status_code, list(bad.json()["errors"])) == (422, ["handle"])
        assert (good.status_code, good.json()) == (200, {"url": "/admin/"})
        assert (gone.status_code, list(gone.json()["errors"])) == (404, ["__all__"])

    def test_token_is_not_stored(self) -> None:
        token = services.make_owner_token()

        assert token not in str(OwnerInvitation.objects.values().get())

    @pytest.mark.django_db(transaction=True)
    def test_two_at_once_make_one_owner(self) -> None:
        address = link()
        gate = threading.Barrier(2)
        codes: list[int] = []

        def run(n: int) -> None:
            try:
                data = DATA | {"email": f"a{n}@example.org", "handle": f"ada{n}"}
                gate.wait()
                codes.append(Client().post(address, data).status_code)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=run, args=[n]) for n in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(codes) == [302, 404]
        assert User.objects.filter(is_superuser=True).count() == 1


class TestCreatesuperuser:
    @pytest.fixture(autouse=True)
    def environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DJANGO_SUPERUSER_EMAIL", "Ada@Example.org")
        monkeypatch.setenv("DJANGO_SUPERUSER_HANDLE", "ada")
        monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)

    def test_makes_an_owner_with_a_confirmed_address(self, client: Client) -> None:
        call_command("createsuperuser", interactive=False, verbosity=0)

        owner = User.objects.get()
        assert is_member(owner)
        data = {"login": "ada@example.org", "password": PASSWORD}
        response = client.post("/accounts/login/", data)
        assert response.headers["Location"] == "/accounts/"
        assert client.get("/admin/").status_code == 200

    @pytest.mark.parametrize("same", [{"email": "ada@example.org"}, {"handle": "ada"}])
    def test_says_what_is_taken(self, same: dict[str, Any]) -> None:
        make_user(**same)

        with pytest.raises(CommandError, match="taken"):
            call_command("createsuperuser", interactive=False, verbosity=0)

    def test_refuses_a_malformed_handle(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DJANGO_SUPERUSER_HANDLE", "A da")

        with pytest.raises(CommandError):
            call_command("createsuperuser", interactive=False, verbosity=0)
