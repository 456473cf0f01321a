from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.permissions import is_member
from tests.conftest import Member
from tests.factories import PASSWORD, make_stranger, make_user

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from tests.conftest import Outbox

pytestmark = pytest.mark.django_db
CHANGE = "/accounts/password/change/"
RESET = "/accounts/password/reset/"
NEW = "quite another passphrase"


def sign_in(client: Client, user: User, password: str = PASSWORD) -> int:
    data = {"login": user.email, "password": password}
    return client.post("/accounts/login/", data).status_code


def link_in(outbox: Outbox) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/\S+)", str(outbox()[-1].body))
    assert found
    return found[1]


def open_link(client: Client, link: str) -> str:
    """Where the form of the new password stands."""
    return client.get(link).headers["Location"]


class TestPasswordChange:
    def test_changes_it_and_ends_other_sessions(self, outbox: Outbox) -> None:
        user = make_user()
        here, there = Client(), Client()
        sign_in(here, user)
        sign_in(there, user)

        response = here.post(
            CHANGE, {"oldpassword": PASSWORD, "password1": NEW}, follow=True
        )

        assert "Your password is changed." in response.text
        assert here.get("/accounts/").status_code == 200
        assert there.get("/accounts/").status_code == 302
        assert sign_in(Client(), user, NEW) == 302
        assert [message.to for message in outbox()] == [[user.email]]

    def test_asks_for_the_old_one(self, client: Client) -> None:
        user = make_user()
        sign_in(client, user)

        response = client.post(CHANGE, {"oldpassword": "no", "password1": NEW})

        assert response.status_code == 422
        assert "not your password of now" in response.text
        assert sign_in(Client(), user) == 302

    def test_refuses_a_weak_one(self, member_client: Member) -> None:
        response = member_client.post(
            CHANGE, {"oldpassword": PASSWORD, "password1": "password"}
        )

        assert response.status_code == 422
        assert PASSWORD not in response.text

    def test_stranger_is_sent_to_the_door(self, client: Client) -> None:
        assert client.get(CHANGE).headers["Location"].startswith("/accounts/login/")

    @pytest.mark.parametrize("method", ["get", "post"])
    @pytest.mark.parametrize("page", ["password_change", "password_change/done"])
    def test_desk_has_no_form_of_its_own(
        self, author_client: Member, page: str, method: str
    ) -> None:
        data = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}

        response = getattr(author_client, method)(f"/admin/{page}/", data)

        assert (response.status_code, response["Location"]) == (302, CHANGE)
        assert sign_in(Client(), author_client.user) == 302


class TestPasswordReset:
    def test_link_sets_a_new_one_and_signs_in(
        self, client: Client, outbox: Outbox
    ) -> None:
        user = make_user()
        client.post(RESET, {"email": user.email.upper()})
        form = open_link(client, link_in(outbox))

        response = client.post(form, {"password1": NEW}, follow=True)

        assert "Your new password is set" in response.text
        assert sign_in(Client(), user, NEW) == 302
        assert sign_in(Client(), user) == 422

    def test_answer_is_the_same_for_everybody_and_mail_goes_to_one(
        self, client: Client, outbox: Outbox
    ) -> None:
        user = make_user()

        known = client.post(RESET, {"email": user.email}, follow=True)
        unknown = client.post(RESET, {"email": "nobody@example.org"}, follow=True)

        assert known.redirect_chain == unknown.redirect_chain
        assert known.text == unknown.text
        assert [message.to for message in outbox()] == [[user.email]]

    def test_costs_the_same_queries_for_everybody(
        self, client: Client, django_assert_num_queries: Any
    ) -> None:
        user = make_user()

        for email in (user.email, "nobody@example.org"):
            with django_assert_num_queries(5):
                client.post(RESET, {"email": email})

    def test_link_is_used_once(self, client: Client, outbox: Outbox) -> None:
        client.post(RESET, {"email": make_user().email})
        link = link_in(outbox)
        client.post(open_link(client, link), {"password1": NEW})

        again = Client().get(link)

        assert again.status_code == 404
        assert "has been used" in again.text

    @pytest.mark.parametrize("field", ["password", "email"])
    def test_link_ends_when_the_account_changes(
        self, client: Client, outbox: Outbox, field: str
    ) -> None:
        user = make_user()
        client.post(RESET, {"email": user.email})
        link = link_in(outbox)
        if field == "password":
            user.set_password(NEW)
        else:
            user.email = "new@example.org"
        user.save()

        assert client.get(link).status_code == 404

    @pytest.mark.parametrize(
        "link",
        [
            "/accounts/password/reset/key/1-abc-def/",
            "/accounts/password/reset/key/zzzzzzzzzzzzzzzzzzzz-abc/",
            "/accounts/password/reset/key/0-set-password/",
        ],
    )
    def test_invented_link_is_refused(self, client: Client, link: str) -> None:
        assert client.get(link).status_code == 404
        assert client.post(link, {"password1": NEW}).status_code == 404

    def test_token_leaves_the_address_and_no_page_leaks_it(
        self, client: Client, outbox: Outbox
    ) -> None:
        client.post(RESET, {"email": make_user().email})
        link = link_in(outbox)

        first = client.get(link)
        page = client.get(first.headers["Location"])

        assert link.split("-", 1)[1] not in first.headers["Location"]
        assert first.headers["Referrer-Policy"] == "same-origin"
        assert page.headers["Referrer-Policy"] == "same-origin"
        assert page.status_code == 200

    def test_weak_one_is_refused(self, client: Client, outbox: Outbox) -> None:
        client.post(RESET, {"email": make_user().email})

        response = client.post(
            open_link(client, link_in(outbox)), {"password1": "password"}
        )

        assert response.status_code == 422

    def test_link_confirms_the_address(self, client: Client, outbox: Outbox) -> None:
        user = make_stranger()
        client.post(RESET, {"email": user.email})

        client.post(open_link(client, link_in(outbox)), {"password1": NEW})

        assert is_member(User.objects.get(pk=user.pk))

    def test_other_host_never_reaches_the_mail(
        self, client: Client, outbox: Outbox, settings: Settings
    ) -> None:
        settings.ALLOWED_HOSTS = ["*"]
        headers = {"host": "evil.example", "x-forwarded-host": "evil.example"}

        client.post(RESET, {"email": make_user().email}, headers=headers)

        [message] = outbox()
        assert "evil" not in str(message.message())

    def test_unknown_host_is_refused(self, client: Client) -> None:
        response = client.post(
            RESET, {"email": "a@b.example"}, headers={"host": "evil"}
        )

        assert response.status_code == 400

    @pytest.mark.parametrize("asked", ["mıke@example.org", "mike@exampKe.org"])
    def test_folded_letters_are_other_letters(
        self, client: Client, outbox: Outbox, asked: str
    ) -> None:
        make_user(email="mike@example.org")

        client.post(RESET, {"email": asked})

        assert outbox() == []

    @pytest.mark.parametrize("kind", ["closed", "demo"])
    def test_account_that_cannot_sign_in_gets_none(
        self, client: Client, outbox: Outbox, kind: str
    ) -> None:
        user = make_user(
            is_active=kind != "closed", password=None if kind == "demo" else PASSWORD
        )

        client.post(RESET, {"email": user.email})

        assert outbox() == []

    def test_bad_address_is_refused(self, client: Client) -> None:
        assert client.post(RESET, {"email": "no"}).status_code == 422

    def test_one_address_is_asked_for_five_times(self, client: Client) -> None:
        codes = [
            client.post(RESET, {"email": "ada@example.org"}).status_code
            for _ in range(6)
        ]

        assert codes == [302] * 5 + [429]
