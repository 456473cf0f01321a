from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import identify_hasher
from django.db import transaction
from django.db.models import F
from django.test import Client

from accounts import tasks
from accounts.models import ReservedSignup, User, UserHandle
from core.models import LimitWindow
from tests.accounts.prober import Prober
from tests.factories import PASSWORD, make_stranger, make_user

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from tests.conftest import Outbox

pytestmark = pytest.mark.django_db
CODE_PAGE = "/accounts/confirm-email/"
LOGIN = "/accounts/login/"
SIGNUP = "/accounts/signup/"
RESET = "/accounts/password/reset/"
TYPED, LATER = "what the prober typed", "what the prober typed later"
JSON = {"accept": "application/json"}


def sign_up(client: Client, email: str, handle: str, password: str = TYPED) -> Any:
    data = {"email": email, "handle": handle, "password1": password}
    return client.post(SIGNUP, data)


def sign_in(client: Client, email: str, password: str = TYPED) -> Any:
    return client.post(LOGIN, {"login": email, "password": password})


def walk(prober: Prober) -> None:
    """Sign up, and use what was typed in every way that comes to mind."""
    here, there, email = prober.browser, prober.other, prober.email
    right = {"login": email, "password": TYPED}
    wrong, later = right | {"password": "something else"}, right | {"password": LATER}
    code, resend = {"code": "WRONG"}, {"action": "resend"}
    filled = {"email": email, "handle": "wished", "password1": TYPED}

    prober.note(here, SIGNUP, filled)
    prober.note(here, "/")
    prober.note(here, CODE_PAGE)
    # Signing in at once, from elsewhere, and as scripts do.
    prober.note(here, LOGIN, wrong)
    prober.note(here, LOGIN, right | {"login": email.upper(), "next": "/tags/"})
    prober.note(here, CODE_PAGE)
    prober.note(there, LOGIN, wrong, JSON)
    prober.note(there, LOGIN, right, JSON)
    prober.note(there, CODE_PAGE, code, JSON)
    prober.note(there, CODE_PAGE, resend, JSON)
    # The code's page, to its end.
    prober.note(here, CODE_PAGE, code)
    for _ in range(3):
        prober.note(here, CODE_PAGE, resend)
        prober.note(here, CODE_PAGE)
    for _ in range(4):
        prober.note(here, CODE_PAGE, code)
    prober.note(here, CODE_PAGE)
    # Again, and away from the page that waits.
    prober.note(here, LOGIN, right)
    prober.note(here, "/me/")
    prober.note(here, LOGIN)
    prober.note(here, SIGNUP)
    prober.note(here, CODE_PAGE)
    # A second sign-up with the address, and what was typed at the first.
    again = filled | {"handle": "wished_too", "password1": LATER}
    prober.note(there, SIGNUP, again)
    prober.note(there, LOGIN, later)
    prober.note(there, CODE_PAGE, code)
    prober.note(here, LOGIN, right)
    prober.note(here, CODE_PAGE)
    # The forgotten password.
    prober.note(here, RESET, {"email": email})
    prober.note(here, RESET + "done/")
    prober.note(here, CODE_PAGE)
    prober.note(here, LOGIN, right)
    prober.note(here, CODE_PAGE, code)
    prober.note(here, LOGIN, wrong)
    prober.note(here, "/accounts/logout/", {})
    prober.note(here, CODE_PAGE)


KNOWN = {
    "member": lambda: make_user(email="known@example.org"),
    "unconfirmed": lambda: make_stranger(email="known@example.org"),
    "closed": lambda: make_user(email="known@example.org", is_active=False),
    "without password": lambda: make_user(email="known@example.org", password=None),
}


class TestProber:
    @pytest.mark.parametrize("kind", KNOWN)
    def test_sees_the_same_as_at_a_free_address(
        self, settings: Settings, kind: str
    ) -> None:
        settings.PASSWORD_HASHERS = ["tests.accounts.hashers.CountingHasher"]
        KNOWN[kind]()
        known, fresh = Prober("known@example.org"), Prober("fresh@example.org")

        for prober in (known, fresh):
            with transaction.atomic():
                walk(prober)
                transaction.set_rollback(True)

        for seen in zip(known.answers, fresh.answers, strict=True):
            assert seen[0] == seen[1]
        assert known.codes == [
            *(302, 200, 200),
            *(422, 302, 200, 422, 200, 422, 200),
            *(422, 302, 200, 302, 200, 422, 200, 422, 422, 302, 302, 302),
            *(302, 200, 200, 200, 302),
            *(302, 302, 422, 302, 200),
            *(302, 200, 200, 302, 422, 422, 302, 302),
        ]
        assert known.hash_counts == fresh.hash_counts
        for pair in zip(known.query_counts, fresh.query_counts, strict=True):
            assert abs(pair[0] - pair[1]) <= 2

    def test_finds_no_other_address_open(self, client: Client) -> None:
        make_user(email="known@example.org")
        make_user(email="other@example.org")
        sign_up(client, "known@example.org", "wished")

        assert sign_in(client, "other@example.org").status_code == 422
        assert sign_in(client, "nobody@example.org").status_code == 422
        assert sign_in(client, "known@example.org").status_code == 302

    def test_never_gets_in(self, client: Client, outbox: Outbox) -> None:
        user = make_user(email="known@example.org")
        sign_up(client, user.email, "wished")
        sign_in(client, user.email)
        code = client.session["account_email_verification_code"]["code"]

        client.post(CODE_PAGE, {"code": code})

        assert "_auth_user_id" not in client.session
        assert code not in "".join(str(message.body) for message in outbox())

    @pytest.mark.parametrize("email", ["known@example.org", "fresh@example.org"])
    def test_is_forgotten_a_month_after_the_last_signup(self, email: str) -> None:
        make_user(email="known@example.org", handle="countess")
        answers = []

        sign_up(Client(), email, "wished")
        pass_days(29)
        sign_up(Client(), email, "wished_too", LATER)
        for days in (29, 2):
            pass_days(days)
            tasks.forget_signups.func(timestamp=0)
            answers.append(sign_in(Client(), email).status_code)
        taken = set(UserHandle.objects.values_list("handle", flat=True))

        assert answers == [302, 422]
        assert sign_in(Client(), email, LATER).status_code == 422
        assert taken == {"countess"}
        assert not ReservedSignup.objects.exists()


def pass_days(n: int) -> None:
    """As if all that is there had happened so many days before."""
    age = timedelta(days=n)
    User.objects.update(joined_at=F("joined_at") - age)
    UserHandle.objects.filter(user=None).update(reserved_at=F("reserved_at") - age)
    LimitWindow.objects.all().delete()


class TestOwner:
    def test_signs_in_with_the_own_password_as_ever(self, client: Client) -> None:
        user = make_user(email="known@example.org")
        sign_up(client, user.email, "wished")
        sign_in(client, user.email)

        response = sign_in(Client(), user.email, PASSWORD)

        assert response.headers["Location"] == "/accounts/"

    def test_may_type_the_same_again_at_a_signup(self, client: Client) -> None:
        user = make_user(email="known@example.org")
        sign_up(client, user.email, "wished", PASSWORD)

        assert sign_in(client, user.email, PASSWORD)["Location"] == "/accounts/"

    def test_keeps_the_code_that_was_sent(self, client: Client, outbox: Outbox) -> None:
        user = make_stranger(email="known@example.org")
        own = Client()
        sign_in(own, user.email, PASSWORD)
        code = own.session["account_email_verification_code"]["code"]

        sign_up(client, user.email, "wished")
        sign_in(client, user.email)
        for _ in range(5):
            client.post(CODE_PAGE, {"code": "WRONG"})
        response = own.post(CODE_PAGE, {"code": code})

        assert response.headers["Location"] == "/accounts/"
        assert EmailAddress.objects.get().verified

    def test_is_told_five_times_an_hour_at_most(
        self, client: Client, outbox: Outbox
    ) -> None:
        user = make_user(email="known@example.org")
        sign_up(client, user.email, "wished")

        answers = [sign_in(Client(), user.email).status_code for _ in range(9)]
        client.post(CODE_PAGE, {"action": "resend"})

        assert answers == [302] * 9
        assert len(outbox()) == 5
        assert all("There\nis one already" in mail.body for mail in outbox())

    def test_takes_what_was_typed_along_when_the_account_is_deleted(
        self, client: Client
    ) -> None:
        user = make_user(email="known@example.org")
        sign_up(client, user.email, "wished")

        user.delete()

        assert not ReservedSignup.objects.exists()
        assert sign_in(client, "known@example.org").status_code == 422
        assert UserHandle.objects.get().handle == "wished"

    def test_leaves_no_password_to_read(self) -> None:
        user = make_user(email="known@example.org")
        other = make_user(email="other@example.org")
        sign_up(Client(), user.email, "wished")
        sign_up(Client(), other.email, "wished_too")

        stored = ReservedSignup.objects.values_list("password", flat=True)

        assert len(set(stored)) == 2
        assert all(identify_hasher(password) for password in stored)
