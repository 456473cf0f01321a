from __future__ import annotations

import re
import threading
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections, transaction
from django.test import Client
from django.utils import timezone

from accounts import services, tasks
from accounts.models import User, UserHandle
from accounts.permissions import is_member
from tests.accounts.hashers import CountingHasher
from tests.accounts.prober import Prober
from tests.concurrency import together
from tests.factories import PASSWORD, make_post, make_stranger, make_user

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from tests.conftest import Outbox

pytestmark = pytest.mark.django_db
CODE_PAGE = "/accounts/confirm-email/"


def sign_up(client: Client, **overrides: str) -> Any:
    data = {"email": "ada@example.org", "handle": "ada", "password1": PASSWORD}
    return client.post("/accounts/signup/", data | overrides)


def code_in(outbox: Outbox) -> str:
    found = re.search(r"^ {4}(\S+)$", str(outbox()[-1].body), re.MULTILINE)
    assert found
    return found[1]


def words(response: Any) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.text)


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
