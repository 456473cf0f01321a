from __future__ import annotations

from http.cookies import SimpleCookie
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from accounts.middleware import KnownCookieMiddleware
from accounts.participants import participant_for, participant_of
from accounts.visitors import COOKIE, MAX_AGE, visitor_of
from reactions.models import Reaction
from tests.conftest import Member, signed_in
from tests.factories import PASSWORD, make_kinds, make_post, make_stranger, make_user

pytestmark = pytest.mark.django_db
LOVE = {"kind": "love", "state": "on"}


@pytest.fixture(autouse=True)
def talk() -> None:
    make_kinds()
    make_post(slug="talk")


def react(client: Client) -> SimpleCookie:
    response = client.post("/posts/talk/reactions/", LOVE)
    assert response.status_code == 303
    return response.cookies


def mine(client: Client) -> list[str]:
    answer = client.get("/me/?post=talk").json()
    reactions: list[str] = answer["post"]["reactions"]
    return reactions


class TestCookie:
    def test_first_act_makes_a_browser_known(self, client: Client) -> None:
        cookies = react(client)

        assert cookies[COOKIE]["httponly"]
        assert cookies[COOKIE]["samesite"] == "Lax"
        assert cookies[COOKIE]["max-age"] == MAX_AGE
        assert not cookies[COOKIE]["secure"]
        assert cookies["byline_known"].value == "1"
        assert not cookies["byline_known"]["httponly"]
        assert mine(client) == ["love"]

    def test_second_act_sets_nothing(self, client: Client) -> None:
        react(client)

        assert not react(client)
        assert Reaction.objects.count() == 1

    def test_under_https_it_is_secure(self, client: Client, settings: Settings) -> None:
        settings.SESSION_COOKIE_SECURE = True

        assert react(client)[COOKIE]["secure"]

    def test_looking_makes_nobody_known(self, client: Client) -> None:
        for path in ("/posts/talk/", "/posts/talk/reactions/", "/me/?post=talk"):
            assert COOKIE not in client.get(path).cookies

    @pytest.mark.parametrize("change", ["number", "signature", "bare", "no number"])
    def test_tampered_cookie_counts_as_none(self, client: Client, change: str) -> None:
        number, signature = react(client)[COOKIE].value.split(":")
        client.cookies[COOKIE] = {
            "number": f"{uuid4()}:{signature}",
            "signature": f"{number}:{'x' * len(signature)}",
            "bare": number,
            "no number": "",
        }[change]

        assert mine(client) == []
        assert COOKIE in react(client)
        assert Reaction.objects.values("visitor").distinct().count() == 2

    def test_members_get_none(self, member_client: Member) -> None:
        assert COOKIE not in react(member_client)
        assert Reaction.objects.get().user == member_client.user


class TestKnown:
    def test_it_stays_at_sign_out_while_the_visitor_is_known(
        self, client: Client
    ) -> None:
        react(client)
        user = make_user()
        signed = client.post(
            "/accounts/login/", {"login": user.email, "password": PASSWORD}
        )
        out = client.post("/accounts/logout/")

        assert signed.cookies["byline_known"]["max-age"] == MAX_AGE
        assert out.cookies[settings.SESSION_COOKIE_NAME].value == ""
        assert "byline_known" not in out.cookies
        assert mine(client) == ["love"]

    @pytest.mark.parametrize("cookie", [None, "tampered"])
    def test_it_goes_at_sign_out_where_nobody_is_known(
        self, client: Client, cookie: str | None
    ) -> None:
        user = make_user()
        client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
        if cookie:
            client.cookies[COOKIE] = cookie

        out = client.post("/accounts/logout/")

        assert out.cookies["byline_known"].value == ""


class TestParticipant:
    def ask(self, client: Client) -> HttpRequest:
        request = RequestFactory().get("/")
        request.COOKIES = {name: m.value for name, m in client.cookies.items()}
        request.user = getattr(client, "user", AnonymousUser())
        return request

    def test_stranger_is_nobody_and_a_visitor_by_acting(self, client: Client) -> None:
        request = self.ask(client)

        assert not participant_of(request).is_somebody

        acting = participant_for(request)
        assert acting.visitor
        assert participant_of(request) == participant_for(request) == acting

    def test_member_is_the_user_whatever_the_browser_is(
        self, member_client: Member
    ) -> None:
        visitor_cookie = react(Client())[COOKIE].value
        member_client.cookies[COOKIE] = visitor_cookie
        request = self.ask(member_client)

        assert visitor_of(request)
        assert participant_of(request).fields == {
            "user": member_client.user,
            "visitor": None,
        }

    def test_unconfirmed_account_is_nobody_and_becomes_no_visitor(self) -> None:
        request = self.ask(signed_in(make_stranger()))

        assert not participant_for(request).is_somebody
        response = KnownCookieMiddleware(lambda _: HttpResponse())(request)
        assert not response.cookies
