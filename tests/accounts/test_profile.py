from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User, UserHandle
from tests.conftest import Member
from tests.factories import make_author, make_user

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
PAGE = "/accounts/"


def test_shows_who_one_is(client: Client) -> None:
    client.force_login(make_user(handle="ada", email="ada@example.org"))

    response = client.get(PAGE)

    assert response.status_code == 200
    assert "@ada" in response.text
    assert "ada@example.org" in response.text
    assert "/accounts/password/change/" in response.text
    assert "/accounts/logout/" in response.text
    assert "/admin/" not in response.text
    assert "no-store" in response.headers["Cache-Control"]


def test_shows_an_author_the_way_to_the_desk(client: Client) -> None:
    client.force_login(make_author())

    assert 'href="/admin/"' in client.get(PAGE).text


def test_stranger_is_sent_to_the_door(client: Client) -> None:
    assert client.get(PAGE).headers["Location"] == "/accounts/login/?next=/accounts/"

    response = client.post(PAGE, {"bio": "Precious"})

    assert response.status_code == 403
    assert "Precious" in response.text


def test_saves_what_one_says_about_oneself(client: Client) -> None:
    client.force_login(make_user(handle="ada"))
    data = {"display_name": "Ada Lovelace", "handle": "ada", "bio": "Engines."}

    response = client.post(PAGE, data, follow=True)

    assert "Saved." in response.text
    user = User.objects.get()
    assert (user.display_name, user.bio) == ("Ada Lovelace", "Engines.")


def test_new_handle_keeps_the_old_one(client: Client) -> None:
    client.force_login(make_user(handle="ada"))

    client.post(PAGE, {"handle": "Countess"})
    assert User.objects.get().handle == "countess"
    back = client.post(PAGE, {"handle": "ada"})

    assert back.status_code == 302
    assert User.objects.get().handle == "ada"
    assert set(UserHandle.objects.values_list("handle", flat=True)) == {
        "ada",
        "countess",
    }


def test_owner_may_keep_a_reserved_handle_that_is_their_own(client: Client) -> None:
    client.force_login(make_user(handle="admin"))

    assert client.post(PAGE, {"handle": "admin", "bio": "x"}).status_code == 302


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("handle", "taken"),
        ("handle", "past"),
        ("handle", "moderator"),
        ("handle", ""),
        ("display_name", "x" * 61),
        ("bio", "x" * 601),
        ("bio", "a\0b"),
    ],
)
def test_bad_input_is_refused_with_the_text_kept(
    client: Client, field: str, value: str
) -> None:
    other = make_user(handle="taken")
    UserHandle.objects.create(handle="past", user=other)
    client.force_login(make_user(handle="ada"))

    response = client.post(PAGE, {"handle": "ada", "bio": "kept"} | {field: value})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert 'href="/@ada/"' in response.text
    if field != "bio":
        assert "kept" in response.text
        assert User.objects.get(handle="ada").bio == ""


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\u202eada\u202c", "ada"),
        ("\u200b\u200d", ""),
        ("Ada \u2066Lovelace\u2069", "Ada Lovelace"),
        ("\u200fעדה", "\u200fעדה"),
    ],
)
def test_name_neither_hides_nor_turns_the_page(
    member_client: Member, typed: str, kept: str
) -> None:
    member_client.post(PAGE, {"handle": "ada", "display_name": typed})

    user = User.objects.get(handle="ada")
    assert user.display_name == kept
    with (
        pytest.raises(IntegrityError, match="display_name_has_no_bidi"),
        transaction.atomic(),
    ):
        User.objects.update(display_name="\u202e")


def test_script_gets_json(client: Client, member_client: Member) -> None:
    headers = {"accept": "application/json"}

    bad = member_client.post(PAGE, {"handle": "!"}, headers=headers)
    good = member_client.post(PAGE, {"handle": "other"}, headers=headers)
    stranger = client.post(PAGE, {"handle": "other"}, headers=headers)

    assert (bad.status_code, list(bad.json()["errors"])) == (422, ["handle"])
    assert (good.status_code, good.json()) == (200, {"url": PAGE})
    assert (stranger.status_code, list(stranger.json()["errors"])) == (403, ["__all__"])


def test_other_methods_are_refused(member_client: Member) -> None:
    assert member_client.put(PAGE).status_code == 405


def test_costs_few_queries(
    member_client: Member, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        member_client.get(PAGE)
