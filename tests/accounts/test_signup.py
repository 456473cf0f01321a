from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING

import pytest
from django.db import connections
from django.test import Client

from accounts.models import User, UserHandle
from accounts.permissions import is_member
from tests.accounts.signing_up import CODE_PAGE, code_in, sign_up
from tests.factories import PASSWORD, make_stranger, make_user

if TYPE_CHECKING:
    from tests.conftest import Outbox

pytestmark = pytest.mark.django_db


class TestSignup:
    def test_page_asks_for_address_handle_and_password(self, client: Client) -> None:
        response = client.get("/accounts/signup/")

        assert response.status_code == 200
        assert set(re.findall(r'name="(\w+)"', response.text)) >= {
            "email",
            "handle",
            "password1",
            "csrfmiddlewaretoken",
        }
        assert "no-store" in response.headers["Cache-Control"]

    def test_makes_an_account_that_is_not_yet_a_member(self, client: Client) -> None:
        response = sign_up(client, email="Ada@Example.org", handle="Ada")

        assert response.status_code == 302
        assert response.headers["Location"] == CODE_PAGE
        user = User.objects.get()
        assert (user.email, user.handle) == ("ada@example.org", "ada")
        assert UserHandle.objects.get().handle == "ada"
        assert not is_member(user)
        assert "_auth_user_id" not in client.session

    @pytest.mark.parametrize("handle", ["member", "author", "guest", "help", "test"])
    def test_an_ordinary_word_may_be_a_handle(
        self, client: Client, handle: str
    ) -> None:
        assert sign_up(client, handle=handle).status_code == 302
        assert User.objects.get().handle == handle

    def test_code_makes_a_member_and_leads_back(
        self, client: Client, outbox: Outbox
    ) -> None:
        sign_up(client, next="/posts/hello/comments/new/?parent=x")
        page = client.get(CODE_PAGE)

        response = client.post(CODE_PAGE, {"code": code_in(outbox)})

        assert "ada@example.org" in page.text
        assert response.headers["Location"] == "/posts/hello/comments/new/?parent=x"
        assert is_member(User.objects.get())
        assert client.cookies["byline_known"].value == "1"

    def test_new_member_is_welcomed(self, client: Client, outbox: Outbox) -> None:
        sign_up(client)

        response = client.post(CODE_PAGE, {"code": code_in(outbox)}, follow=True)

        assert response.request["PATH_INFO"] == "/accounts/"
        assert "Welcome, @ada!" in response.text

    def test_greeting_waits_for_no_public_page(
        self, client: Client, outbox: Outbox
    ) -> None:
        sign_up(client, next="/posts/hello/comments/")

        response = client.post(CODE_PAGE, {"code": code_in(outbox)})

        assert "messages" not in response.cookies

    def test_wrong_code_is_refused_and_five_end_it(
        self, client: Client, outbox: Outbox
    ) -> None:
        sign_up(client)
        code = code_in(outbox)
        answers = [client.post(CODE_PAGE, {"code": "WRONG"}) for _ in range(5)]

        last = client.post(CODE_PAGE, {"code": code})

        assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 302]
        assert last.headers["Location"] == "/accounts/login/"
        assert not is_member(User.objects.get())

    def test_new_code_replaces_the_old_one(
        self, client: Client, outbox: Outbox
    ) -> None:
        sign_up(client)
        old = code_in(outbox)

        again = client.post(CODE_PAGE, {"action": "resend"}, follow=True)
        new = code_in(outbox)

        assert "A new code is on its way." in again.text
        assert client.post(CODE_PAGE, {"code": old}).status_code == 422
        assert client.post(CODE_PAGE, {"code": new}).status_code == 302

    def test_signing_in_before_confirming_sends_a_code(
        self, client: Client, outbox: Outbox
    ) -> None:
        user = make_stranger()

        response = client.post(
            "/accounts/login/", {"login": user.email, "password": PASSWORD}
        )
        client.post(CODE_PAGE, {"code": code_in(outbox)})

        assert response.headers["Location"] == CODE_PAGE
        assert is_member(User.objects.get())

    def test_one_can_start_again_with_another_address(self, client: Client) -> None:
        sign_up(client, email="adda@example.org")

        client.post("/accounts/logout/?next=/accounts/signup/")

        assert client.get("/accounts/signup/").status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", ""),
        ("email", "no address"),
        ("email", f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.org"),
        ("email", "mıke@example.org"),
        ("email", "a@example.org\r\nBcc: b@example.org"),
        ("email", "a\0@example.org"),
        ("handle", ""),
        ("handle", "a"),
        ("handle", "a" * 31),
        ("handle", "with space"),
        ("handle", "ádá"),
        ("handle", "a\0da"),
        ("handle", "admin"),
        ("handle", "Moderator"),
        ("handle", "demo_reader"),
        ("password1", ""),
        ("password1", "password"),
        ("password1", "8ab_ed7"),
        ("password1", "314159265358"),
        ("password1", "ada@example.org"),
        ("password1", "pass\0word and more"),
    ],
)
def test_bad_input_is_refused_at_its_field(
    client: Client, field: str, value: str
) -> None:
    response = sign_up(client, **{field: value})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not User.objects.exists()
    assert PASSWORD not in response.text


def test_own_handle_is_no_password(client: Client) -> None:
    response = sign_up(client, handle="lovelace_ada", password1="lovelace_ada1")

    assert response.status_code == 422


@pytest.mark.parametrize("handle", ["taken", "TAKEN", "@taken", "before"])
def test_handle_that_somebody_has_or_had_is_refused(
    client: Client, handle: str
) -> None:
    user = make_user(handle="taken")
    UserHandle.objects.create(handle="before", user=user)

    response = sign_up(client, handle=handle)

    assert response.status_code == 422
    assert "Somebody has this handle already" in response.text
    assert "ada@example.org" in response.text


def test_long_passwords_are_not_cut_short(client: Client, outbox: Outbox) -> None:
    long = "x1 " * 66 + "yz"
    assert sign_up(client, password1=long).status_code == 302
    client.post(CODE_PAGE, {"code": code_in(outbox)})

    door = "/accounts/login/"
    other = Client().post(
        door, {"login": "ada@example.org", "password": long[:-1] + "a"}
    )
    same = Client().post(door, {"login": "ada@example.org", "password": long})

    assert (other.status_code, same.status_code) == (422, 302)


def test_script_gets_json(client: Client) -> None:
    headers = {"accept": "application/json"}
    data = {"email": "ada@example.org", "handle": "admin", "password1": PASSWORD}

    bad = client.post("/accounts/signup/", data, headers=headers)
    good = client.post("/accounts/signup/", data | {"handle": "ada"}, headers=headers)

    assert (bad.status_code, list(bad.json()["errors"])) == (422, ["handle"])
    assert (good.status_code, good.json()) == (200, {"url": CODE_PAGE})


def test_script_gets_json_for_the_code(client: Client, outbox: Outbox) -> None:
    headers = {"accept": "application/json"}
    early = client.post(CODE_PAGE, {"code": "x"}, headers=headers)
    sign_up(client)

    bad = client.post(CODE_PAGE, {"code": "WRONG"}, headers=headers)
    again = client.post(CODE_PAGE, {"action": "resend"}, headers=headers)
    good = client.post(CODE_PAGE, {"code": code_in(outbox)}, headers=headers)

    assert (early.status_code, early.json()) == (200, {"url": "/accounts/login/"})
    assert (bad.status_code, list(bad.json()["errors"])) == (422, ["code"])
    assert (again.status_code, again.json()) == (200, {"url": CODE_PAGE})
    assert (good.status_code, good.json()) == (200, {"url": "/accounts/"})


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("shared", ["email", "handle"])
def test_two_at_once_make_one_account(shared: str) -> None:
    fields = [
        {"email": "ada0@example.org", "handle": "ada0"},
        {"email": "ada1@example.org", "handle": "ada1"},
    ]
    fields[1][shared] = fields[0][shared]
    answers: list[int] = []
    gate = threading.Barrier(2)

    def run(data: dict[str, str]) -> None:
        try:
            browser = Client()
            gate.wait()
            answers.append(sign_up(browser, **data).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[data]) for data in fields]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert User.objects.count() == 1
    assert sorted(answers) == ([302, 302] if shared == "email" else [302, 422])
