from __future__ import annotations

import logging
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone

from core.models import LimitWindow
from tests.accounts.hashers import CountingHasher
from tests.conftest import Member
from tests.factories import PASSWORD, make_author, make_user

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
OFF_SITE = [
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "https://evil.example/",
    "///evil.example",
    "\t//evil.example",
    "/\t/evil.example",
    "http://testserver@evil.example",
    "%2f%2fevil.example",
    "javascript:alert(1)",
    ".evil.example",
    "http:///evil.example",
    "accounts:profile",
]


def sign_in(client: Client, login: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post(LOGIN, {"login": login, "password": password} | more)


def words(response: Any) -> str:
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.text)
    return re.sub(r'name="login" value="[^"]*"', "", text)


class TestLogin:
    def test_right_password_opens(self, client: Client) -> None:
        user = make_user(email="ada@example.org")

        response = sign_in(client, "Ada@Example.org")

        assert response.status_code == 302
        assert response.headers["Location"] == "/accounts/"
        assert client.session["_auth_user_id"] == str(user.pk)

    def test_page_is_kept_from_caches(self, client: Client) -> None:
        response = client.get(LOGIN)

        assert response.status_code == 200
        assert "no-store" in response.headers["Cache-Control"]

    def test_wrong_password_and_unknown_address_look_alike(
        self, client: Client
    ) -> None:
        user = make_user()

        wrong = sign_in(client, user.email, "something else")
        unknown = sign_in(client, "nobody@example.org", "something else")

        assert (wrong.status_code, unknown.status_code) == (422, 422)
        assert words(wrong) == words(unknown)
        assert "something else" not in wrong.text

    @pytest.mark.parametrize("kind", ["known", "unknown", "closed"])
    def test_every_refusal_costs_two_hashes(
        self, client: Client, settings: Settings, kind: str
    ) -> None:
        settings.PASSWORD_HASHERS = ["tests.accounts.hashers.CountingHasher"]
        user = make_user(is_active=kind != "closed")
        login = "nobody@example.org" if kind == "unknown" else user.email
        CountingHasher.count = 0

        sign_in(client, login, "something else")

        assert CountingHasher.count == 2

    def test_member_waits_for_one_hash(
        self, client: Client, settings: Settings
    ) -> None:
        settings.PASSWORD_HASHERS = ["tests.accounts.hashers.CountingHasher"]
        user = make_user()
        CountingHasher.count = 0

        sign_in(client, user.email)

        assert CountingHasher.count == 1

    def test_signed_in_visitor_is_led_on(self, client: Client) -> None:
        client.force_login(make_user())

        response = client.get(f"{LOGIN}?next=/tags/")

        assert response.headers["Location"] == "/tags/"

    def test_next_is_kept_through_a_refusal(self, client: Client) -> None:
        response = sign_in(client, "nobody@example.org", next="/tags/")

        assert 'name="next" value="/tags/"' in response.text
        assert "/accounts/signup/?next=%2Ftags%2F" in response.text

    @pytest.mark.parametrize("target", OFF_SITE)
    def test_next_never_leads_off_the_site(self, client: Client, target: str) -> None:
        user = make_user()

        posted = sign_in(client, user.email, next=target)
        seen = client.get(LOGIN, {"next": target})
        gone = client.post("/accounts/logout/", {"next": target})

        assert posted.headers["Location"] == "/accounts/"
        assert seen.headers["Location"] == "/accounts/"
        assert gone.headers["Location"] == "/"

    def test_next_leads_within_the_site(self, client: Client) -> None:
        user = make_user()

        response = sign_in(client, user.email, next="/posts/a/comments/new/?parent=b")

        assert response.headers["Location"] == "/posts/a/comments/new/?parent=b"

    def test_session_changes_and_the_old_one_is_dead(self, client: Client) -> None:
        user = make_user()
        client.get(LOGIN)
        sign_in(client, user.email)
        before = client.cookies["session"].value
        client.post("/accounts/logout/")
        sign_in(client, user.email)

        replay = Client()
        replay.cookies["session"] = before

        assert client.cookies["session"].value != before
        assert replay.get("/accounts/").status_code == 302

    def test_closed_account_is_refused(self, client: Client) -> None:
        user = make_user(is_active=False)

        response = sign_in(client, user.email)

        assert response.status_code == 403
        assert "This account is closed." in response.text

    def test_account_closed_meanwhile_is_out_at_once(self, client: Client) -> None:
        user = make_user()
        sign_in(client, user.email)
        user.is_active = False
        user.save()

        assert client.get("/accounts/").status_code == 302

    def test_json_door_says_where_to_go(self, client: Client) -> None:
        user = make_user()
        headers = {"accept": "application/json"}
        data = {"login": user.email, "password": PASSWORD}

        bad = client.post(LOGIN, data | {"password": "no"}, headers=headers)
        good = client.post(LOGIN, data, headers=headers)

        assert bad.status_code == 422
        assert bad.json()["errors"]["__all__"]
        assert good.json() == {"url": "/accounts/"}

    @pytest.mark.parametrize("method", ["put", "delete", "patch"])
    def test_other_methods_are_refused(self, client: Client, method: str) -> None:
        assert getattr(client, method)(LOGIN).status_code == 405

    def test_form_without_token_is_refused(self) -> None:
        browser = Client(enforce_csrf_checks=True)

        assert sign_in(browser, "a@example.org").status_code == 403


class TestLimits:
    def test_one_account_is_tried_ten_times(self, client: Client) -> None:
        user = make_user()

        answers = [
            client.post(
                LOGIN,
                {"login": user.email.upper(), "password": "no"},
                headers={"x-forwarded-for": f"192.0.2.{n}"},
                REMOTE_ADDR=f"198.51.100.{n}",
            )
            for n in range(11)
        ]
        right = sign_in(client, user.email)

        assert [answer.status_code for answer in answers] == [422] * 10 + [429]
        assert right.status_code == 429
        assert 0 < int(right.headers["Retry-After"]) <= 15 * 60
        assert PASSWORD not in right.text

    def test_strangers_cannot_keep_the_owner_out_at_home(self) -> None:
        user = make_user()
        sign_in(Client(REMOTE_ADDR="203.0.113.7"), user.email)
        for n in range(12):
            stranger = Client(REMOTE_ADDR=f"198.51.100.{n}")
            sign_in(stranger, user.email, "no")

        at_home = sign_in(Client(REMOTE_ADDR="203.0.113.7"), user.email)
        elsewhere = sign_in(Client(REMOTE_ADDR="203.0.113.8"), user.email)
        other = sign_in(Client(REMOTE_ADDR="203.0.113.7"), make_user().email)

        assert (at_home.status_code, elsewhere.status_code) == (302, 429)
        assert other.status_code == 302

    def test_home_has_a_limit_of_its_own(self) -> None:
        user = make_user()
        home = Client(REMOTE_ADDR="203.0.113.7")
        sign_in(home, user.email)
        home.logout()

        codes = [sign_in(home, user.email, "no").status_code for _ in range(11)]

        assert codes == [422] * 10 + [429]

    def test_home_is_forgotten_after_a_month(self) -> None:
        user = make_user()
        sign_in(Client(REMOTE_ADDR="203.0.113.7"), user.email)
        LimitWindow.objects.filter(key__startswith="home:").update(
            ends_at=timezone.now() - timedelta(seconds=1)
        )
        for n in range(12):
            sign_in(Client(REMOTE_ADDR=f"198.51.100.{n}"), user.email, "no")

        assert sign_in(Client(REMOTE_ADDR="203.0.113.7"), user.email).status_code == 429

    def test_one_client_tries_fifty_times_whatever_it_forwards(
        self, client: Client
    ) -> None:
        codes = [
            client.post(
                LOGIN,
                {"login": f"user{n}@example.org", "password": "no"},
                headers={"x-forwarded-for": f"192.0.2.{n}"},
            ).status_code
            for n in range(51)
        ]

        assert codes == [422] * 50 + [429]


class TestLogout:
    def test_asks_first(self, client: Client) -> None:
        client.force_login(make_user())

        response = client.get("/accounts/logout/")

        assert response.status_code == 200
        assert client.get("/accounts/").status_code == 200

    def test_ends_the_session_on_the_server(self, client: Client) -> None:
        sign_in(client, make_user().email)
        replay = Client()
        replay.cookies["session"] = client.cookies["session"].value

        response = client.post("/accounts/logout/")

        assert response.headers["Location"] == "/"
        assert replay.get("/accounts/").status_code == 302

    def test_stranger_is_led_home(self, client: Client) -> None:
        assert client.get("/accounts/logout/").headers["Location"] == "/"


class TestKnownCookie:
    def test_comes_and_goes_with_the_session(self, client: Client) -> None:
        response = sign_in(client, make_user().email)
        known, session = response.cookies["byline_known"], response.cookies["session"]

        left = client.post("/accounts/logout/").cookies["byline_known"]

        assert (known.value, known["httponly"]) == ("1", "")
        for attribute in ("max-age", "path", "samesite", "secure"):
            assert known[attribute] == session[attribute]
        assert session["httponly"]
        assert (left.value, left["max-age"]) == ("", 0)

    def test_nobody_gets_it_for_looking(self, client: Client) -> None:
        for path in ("/accounts/login/", "/accounts/signup/", "/accounts/"):
            assert "byline_known" not in client.get(path).cookies

    def test_goes_when_the_session_was_ended_elsewhere(self, client: Client) -> None:
        user = make_user()
        sign_in(client, user.email)
        user.set_password("another passphrase")
        user.save()

        response = client.get("/accounts/")

        assert response.cookies["byline_known"].value == ""

    def test_failed_sign_in_sets_neither(self, client: Client) -> None:
        response = sign_in(client, "nobody@example.org")

        assert set(response.cookies) <= {"csrf"}


class TestDesk:
    def test_has_the_same_door(self, client: Client) -> None:
        response = client.get("/admin/login/")

        assert response.status_code == 302
        assert response.headers["Location"] == "/accounts/login/?next=/admin/"

    def test_opens_for_an_author(self, client: Client) -> None:
        response = sign_in(client, make_author().email, next="/admin/")

        assert response.headers["Location"] == "/admin/"
        assert client.get("/admin/").status_code == 200

    def test_member_is_refused_rather_than_led_round(
        self, member_client: Member
    ) -> None:
        response = member_client.get("/admin/", follow=True)

        assert response.status_code == 403
        assert "those who write and moderate" in response.text


class TestEvents:
    def test_are_logged_with_user_and_client_without_secrets(
        self, client: Client, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO, "byline.accounts")
        user = make_user()

        sign_in(client, user.email, "wrong secret\r\nFORGED")
        sign_in(client, user.email)
        client.post("/accounts/logout/")

        lines = [record.getMessage() for record in caplog.records]
        events = [line for line in lines if f'"user": {user.pk}' in line]
        assert [re.search(r'"event": "([^"]+)', line)[1] for line in events] == [  # type: ignore[index]
            "sign-in failed",
            "signed in",
            "signed out",
        ]
        assert all('"client": "127.0.0.1"' in line for line in events)
        text = "\n".join(lines)
        assert "secret" not in text
        assert PASSWORD not in text
        assert "FORGED" not in text

    def test_cannot_be_forged_by_what_is_typed(
        self, client: Client, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO, "byline.accounts")

        sign_in(client, "a@example.org\r\nFORGED", "x")

        assert "FORGED" not in caplog.text


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/email/",
        "/accounts/inactive/",
        "/accounts/reauthenticate/",
        "/accounts/password/set/",
        "/accounts/login/code/",
        "/accounts/login/code/confirm/",
        "/accounts/signup/passkey/",
        "/accounts/3rdparty/",
        "/accounts/confirm-email/abc/",
    ],
)
def test_what_allauth_could_do_beyond_does_not_exist(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404
    client.force_login(make_user())
    assert client.get(path).status_code == 404
