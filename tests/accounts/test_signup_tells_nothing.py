"""Whoever signs up does not learn whether an address is known."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts import services, tasks
from accounts.models import User, UserHandle
from tests.accounts.hashers import CountingHasher
from tests.accounts.prober import Prober
from tests.accounts.signing_up import CODE_PAGE, sign_up
from tests.concurrency import together
from tests.factories import PASSWORD, make_post, make_stranger, make_user

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from tests.conftest import Outbox

pytestmark = pytest.mark.django_db


def words(response: Any) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.text)


def probe_handle(prober: Prober) -> None:
    """Sign up, look for the handle from elsewhere, and use the code's page."""
    here, there = prober.browser, prober.other

    def filled(email: str, handle: str) -> dict[str, str]:
        return {"email": email, "handle": handle, "password1": PASSWORD}

    prober.note(here, "/accounts/signup/", filled(prober.email, "wished"))
    prober.note(here, CODE_PAGE)
    for path in ("/@wished/", "/@Wished/", "/@wished/?page=2"):
        prober.note(there, path)
    for email in ("third@example.org", prober.email):
        prober.note(there, "/accounts/signup/", filled(email, "@Wished"))
    prober.note(here, CODE_PAGE, {"action": "resend"})
    prober.note(here, CODE_PAGE)
    for _ in range(5):
        prober.note(here, CODE_PAGE, {"code": "WRONG"})


class TestKnownAddress:
    def test_nothing_that_follows_tells(self, settings: Settings) -> None:
        settings.PASSWORD_HASHERS = ["tests.accounts.hashers.CountingHasher"]
        make_user(email="known@example.org", handle="countess")
        probers = [Prober("known@example.org"), Prober("fresh@example.org")]

        for prober in probers:
            with transaction.atomic():
                probe_handle(prober)
                transaction.set_rollback(True)

        known, fresh = probers
        assert known.answers == fresh.answers
        assert known.codes == [
            *(302, 200, 404, 404, 404, 422, 422),
            *(302, 200, 422, 422, 422, 422, 302),
        ]
        assert known.hash_counts == fresh.hash_counts
        for pair in zip(known.query_counts, fresh.query_counts, strict=True):
            assert abs(pair[0] - pair[1]) <= 2

    def test_handle_stays_free_of_the_account(self, client: Client) -> None:
        user = make_user(email="ada@example.org", handle="countess")

        sign_up(client, handle="wished")

        assert [known.handle for known in user.handles.all()] == ["countess"]
        assert UserHandle.objects.get(handle="wished").user is None
        assert User.objects.count() == 1

    @pytest.mark.django_db(transaction=True)
    def test_two_at_once_reserve_one_handle(self) -> None:
        for n in range(2):
            make_user(email=f"known{n}@example.org")
        answers: list[int] = []

        def act(n: int) -> None:
            email = f"known{n}@example.org"
            response = sign_up(Client(), email=email, handle="wished")
            answers.append(response.status_code)

        assert together([partial(act, n) for n in range(2)]) == []
        assert sorted(answers) == [302, 422]

    @pytest.mark.parametrize("email", ["known@example.org", "fresh@example.org"])
    def test_handle_is_free_again_after_a_month(
        self, client: Client, email: str
    ) -> None:
        user = make_user(email="known@example.org", handle="countess")
        sign_up(client, email=email, handle="wished")
        later = timezone.now() - timedelta(days=31)
        User.objects.update(joined_at=later)
        UserHandle.objects.filter(user=None).update(reserved_at=later)

        tasks.forget_signups.func(timestamp=0)

        assert UserHandle.objects.get() == user.handles.get()
        assert sign_up(Client(), email="x@example.org", handle="wished")["Location"]

    def test_younger_signups_and_authors_are_kept(self, client: Client) -> None:
        old = timezone.now() - timedelta(days=31)
        make_stranger()
        make_post(author=make_stranger(joined_at=old))
        make_user(joined_at=old)
        demo = User.objects.create_user("a@demo.invalid", "demo_a", joined_at=old)

        assert services.forget_signups() == 0
        assert User.objects.count() == 4
        assert Client().get(f"/@{demo.handle}/").status_code == 200

    def test_answer_is_the_same_as_for_a_new_one(
        self, client: Client, outbox: Outbox
    ) -> None:
        make_user(email="ada@example.org", handle="countess")
        new, known = Client(), Client()

        first = sign_up(new, email="grace@example.org", handle="grace")
        second = sign_up(known, email="ADA@example.org", handle="someone")

        assert first.headers["Location"] == second.headers["Location"]
        assert set(first.cookies) == set(second.cookies)
        pages = [
            words(browser.get(CODE_PAGE)).replace(email, "")
            for browser, email in (
                (new, "grace@example.org"),
                (known, "ada@example.org"),
            )
        ]
        assert pages[0] == pages[1]
        wrong = [
            words(browser.post(CODE_PAGE, {"code": "X"})).replace(email, "")
            for browser, email in (
                (new, "grace@example.org"),
                (known, "ada@example.org"),
            )
        ]
        assert wrong[0] == wrong[1]
        again = [
            browser.post(CODE_PAGE, {"action": "resend"}).status_code
            for browser in (new, known)
        ]
        assert again == [302, 302]
        assert {str(message.to[0]) for message in outbox()} == {
            "grace@example.org",
            "ada@example.org",
        }

    def test_owner_can_sign_in_right_away(self, client: Client) -> None:
        make_user(email="ada@example.org", handle="countess")
        sign_up(client)

        page = client.get("/accounts/login/")
        response = client.post(
            "/accounts/login/", {"login": "ada@example.org", "password": PASSWORD}
        )

        assert page.status_code == 200
        assert response.headers["Location"] == "/accounts/"

    @pytest.mark.parametrize("email", ["ada@example.org", "grace@example.org"])
    def test_code_page_goes_with_the_sign_in_that_waits(
        self, client: Client, email: str
    ) -> None:
        make_user(email="ada@example.org", handle="countess")
        closed = make_user(is_active=False)
        sign_up(client, email=email, handle="wished")
        client.post("/accounts/login/", {"login": closed.email, "password": PASSWORD})

        response = client.get(CODE_PAGE)

        assert response.status_code == 302
        assert response.headers["Location"] == "/accounts/login/"

    def test_answer_costs_as_many_hashes(self, settings: Settings) -> None:
        settings.PASSWORD_HASHERS = ["tests.accounts.hashers.CountingHasher"]
        make_user(email="ada@example.org", handle="countess")
        counts = []

        for email in ("ada@example.org", "grace@example.org"):
            CountingHasher.count = 0
            sign_up(Client(), email=email, handle=email[:3])
            counts.append(CountingHasher.count)

        assert counts == [1, 1]

    def test_owner_of_the_address_is_told(self, client: Client, outbox: Outbox) -> None:
        make_user(email="ada@example.org", handle="countess")

        sign_up(client)

        [message] = outbox()
        assert message.to == ["ada@example.org"]
        assert "There\nis one already" in message.body
        assert User.objects.count() == 1
