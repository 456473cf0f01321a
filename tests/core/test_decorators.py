from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse

from core.decorators import by_network, rate_limit
from tests.factories import make_user

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.test import RequestFactory

    from accounts.models import User

pytestmark = pytest.mark.django_db


@rate_limit("greet", limit=2, seconds=60)
def greet(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello")


@rate_limit("knock", limit=1, seconds=60, by=by_network)
def knock(request: HttpRequest) -> HttpResponse:
    return HttpResponse("come in")


@rate_limit("whisper", limit=1, seconds=60, by=lambda request: "")
def whisper(request: HttpRequest) -> HttpResponse:
    return HttpResponse("psst")


def post(rf: RequestFactory, user: User | None = None, **extra: Any) -> HttpRequest:
    request = rf.post("/greet/", {"body": "my words"}, **extra)
    request.user = user or AnonymousUser()
    return request


def test_refusal_says_when_to_come_back_and_keeps_the_text(rf: RequestFactory) -> None:
    user = make_user()
    codes = [greet(post(rf, user)).status_code for _ in range(2)]

    refused = greet(post(rf, user))

    assert codes == [200, 200]
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert "my words" in refused.text
    assert refused.headers["Cache-Control"] == "no-store"


def test_looking_is_not_counted(rf: RequestFactory) -> None:
    request = rf.get("/greet/")
    request.user = AnonymousUser()

    assert [greet(request).status_code for _ in range(5)] == [200] * 5


def test_members_behind_one_address_are_apart(rf: RequestFactory) -> None:
    one, other = make_user(), make_user()
    for _ in range(3):
        last = greet(post(rf, one))

    assert last.status_code == 429
    assert greet(post(rf, other)).status_code == 200


def test_member_is_counted_wherever_from(rf: RequestFactory) -> None:
    user = make_user()

    codes = [
        greet(post(rf, user, REMOTE_ADDR=f"192.0.2.{n}")).status_code for n in range(3)
    ]

    assert codes == [200, 200, 429]


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ("192.0.2.1", "192.0.2.1", 429),
        ("192.0.2.1", "192.0.2.2", 200),
        ("2001:db8::1", "2001:db8::2", 429),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", 200),
        ("::ffff:192.0.2.1", "192.0.2.1", 429),
    ],
)
def test_network_is_an_address_or_a_slash_64(
    rf: RequestFactory, first: str, second: str, code: int
) -> None:
    knock(post(rf, REMOTE_ADDR=first))

    assert knock(post(rf, REMOTE_ADDR=second)).status_code == code


def test_forwarded_address_is_not_believed(rf: RequestFactory) -> None:
    codes = [
        knock(post(rf, headers={"x-forwarded-for": f"192.0.2.{n}"})).status_code
        for n in range(2)
    ]

    assert codes == [200, 429]


def test_views_are_apart(rf: RequestFactory) -> None:
    knock(post(rf))

    assert greet(post(rf)).status_code == 200


def test_empty_key_is_not_counted(rf: RequestFactory) -> None:
    assert [whisper(post(rf)).status_code for _ in range(3)] == [200] * 3


def test_script_gets_the_refusal_as_json(rf: RequestFactory) -> None:
    knock(post(rf))

    refused = knock(post(rf, headers={"accept": "application/json"}))

    assert refused.status_code == 429
    assert refused.headers["Content-Type"] == "application/json"
    assert refused.headers["Retry-After"]
