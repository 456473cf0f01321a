"""Writing without an account."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.visitors import COOKIE
from blog import services as blog_services
from blog.models import Post, PostStats
from comments import moderation
from comments.forms import make_opened
from comments.models import Comment, Guest
from core.models import SiteSettings
from tests.comments.guests import JSON, PATH, words, write, write_one
from tests.concurrency import together
from tests.conftest import without_mark
from tests.factories import make_comment, make_post

if TYPE_CHECKING:
    from tests.conftest import Outbox

ADDRESS = "grace@example.org"
KEY = re.compile(r'name="key" value="([^"]+)"')


@pytest.fixture
def talk(db: None) -> Post:
    return make_post(slug="talk")


@pytest.mark.django_db
class TestForm:
    def test_asks_who_one_is_and_makes_the_browser_known(
        self, talk: Post, client: Client
    ) -> None:
        response = client.get(PATH)

        for name in ("name", "email", "body", "key", "opened", "csrfmiddlewaretoken"):
            assert f'name="{name}"' in response.text
        assert "no-store" in response.headers["Cache-Control"]
        assert COOKIE in response.cookies
        assert '<div hidden><label for="comment-subject">' in response.text
        assert "/accounts/login/?next=/posts/talk/comments/new/" in response.text

    def test_remembers_who_wrote_in_this_browser_and_in_no_other(
        self, talk: Post, client: Client
    ) -> None:
        write_one(client)

        mine, other = client.get(PATH).text, Client().get(PATH).text

        assert 'value="Grace"' in mine
        assert f'value="{ADDRESS}"' in mine
        assert "Grace" not in other
        assert ADDRESS not in other

    def test_members_only_leads_to_the_door(self, db: None, client: Client) -> None:
        make_post(slug="talk", comment_policy="members")

        looked = client.get(PATH)
        wrote = client.post(PATH, words())

        assert looked["Location"] == f"/accounts/login/?next={PATH}"
        assert wrote.status_code == 403
        assert "Well **said**" in wrote.text
        assert not Comment.objects.exists()
        assert not Guest.objects.exists()

    @pytest.mark.parametrize(
        ("field", "value", "said"),
        [
            ("name", "", "Say what you want to be called"),
            ("name", " \u200b ", "Nobody would see anything"),
            ("name", "\u202e\u202d", "Nobody would see anything"),
            ("name", "x" * 61, "at most 60"),
            ("name", ADDRESS, "leave out the @"),
            ("name", "Moderator", "kept for the blog"),
            ("name", "a\0b", "Null characters"),
            ("email", "", "Without an address"),
            ("email", "nobody", "valid email"),
            ("email", "mıke@example.org", "plain letters"),
            ("email", f"{'x' * 250}@example.org", "at most 254"),
            ("body", "", "Write a few words first."),
            ("key", "k" * 65, "at most 64"),
        ],
    )
    def test_what_is_wrong_is_told_at_its_field_and_the_rest_stays(
        self, talk: Post, client: Client, field: str, value: str, said: str
    ) -> None:
        sent = words(body="Many **words**") | {field: value}

        page = client.post(PATH, sent)
        as_json = client.post(PATH, sent, headers=JSON)

        assert page.status_code == as_json.status_code == 422
        assert list(as_json.json()["errors"]) == [field]
        assert said in as_json.json()["errors"][field][0]
        if field != "body":
            assert "Many **words**" in page.text
        assert not Comment.objects.exists()
        assert not Guest.objects.exists()

    def test_name_is_cleaned_of_what_turns_a_page(
        self, talk: Post, client: Client
    ) -> None:
        comment = write_one(client, name="  \u202eAda \n Lovelace ")

        assert comment.guest_name == "Ada Lovelace"

    def test_preview_without_script_needs_no_patience_and_stores_nothing(
        self, talk: Post, client: Client
    ) -> None:
        response = client.post(PATH, words(opened=make_opened(), preview="1"))

        assert response.status_code == 200
        assert "<strong>said</strong>" in response.text
        assert not Comment.objects.exists()

    def test_preview_of_scripts_is_for_browsers_that_are_known(
        self, talk: Post, client: Client
    ) -> None:
        assert client.post("/comments/preview/", {"body": "*x*"}).status_code == 403

        client.get(PATH)

        preview = client.post("/comments/preview/", {"body": "*x*"})
        assert preview.status_code == 200
        assert "<em>x</em>" in preview.text


@pytest.mark.django_db
class TestPolicies:
    def test_confirm_keeps_it_waiting_for_the_address(
        self, talk: Post, client: Client
    ) -> None:
        response = write(client, email="Grace@Example.org")

        comment = Comment.objects.get()
        assert response["Location"] == f"/comments/{comment.public_id}/waiting/"
        assert (comment.state, comment.waits_for) == ("pending", "address")
        assert comment.guest
        assert comment.guest.email == ADDRESS
        assert PostStats.objects.get(post=talk).comment_count == 0
        assert comment.public_id not in client.get("/posts/talk/").text

    def test_moderate_keeps_it_waiting_for_a_moderator(
        self, client: Client, outbox: Outbox
    ) -> None:
        make_post(slug="talk", comment_policy="moderate")

        comment = write_one(client)

        assert (comment.state, comment.waits_for) == ("pending", "moderator")
        assert outbox() == []

    @pytest.mark.parametrize("policy", ["confirm", "moderate"])
    def test_trusted_guest_is_seen_at_once(self, client: Client, policy: str) -> None:
        post = make_post(slug="talk", comment_policy=policy)
        write_one(client)
        Guest.objects.update(trusted_at="2026-01-01T00:00Z")

        response = write(client, body="Again")

        comment = Comment.objects.latest("pk")
        assert comment.is_visible
        landed = without_mark(response["Location"])
        assert landed == f"/posts/talk/#comment-{comment.public_id}"
        assert PostStats.objects.get(post=post).comment_count == 1
        page = client.get("/posts/talk/").text
        assert "Grace" in page
        assert "example.org" not in page

    def test_trust_is_of_the_browser_with_the_address(
        self, talk: Post, client: Client
    ) -> None:
        write_one(client)
        Guest.objects.update(trusted_at="2026-01-01T00:00Z")

        elsewhere = write_one(Client())
        with_another = write_one(client, email="other@example.org")

        assert elsewhere.state == with_another.state == "pending"

    def test_site_and_post_may_be_closed(self, talk: Post, client: Client) -> None:
        SiteSettings.objects.create(pk=1, comment_policy="closed")

        response = write(client)

        assert response.status_code == 403
        assert b"Well **said**" in response.content


@pytest.mark.django_db
class TestTraps:
    @pytest.mark.parametrize(
        ("trap", "said", "fields"),
        [
            ({"opened": "now"}, "very fast", []),
            ({"opened": "yesterday"}, "open for long", ["opened"]),
            ({"opened": ""}, "open for long", ["opened"]),
            ({"opened": "1.5:x"}, "open for long", ["opened"]),
            ({"subject": "Cheap"}, "looked like a robot", ["subject"]),
        ],
    )
    def test_what_is_caught_is_kept_and_can_be_sent_again(
        self,
        talk: Post,
        client: Client,
        trap: dict[str, str],
        said: str,
        fields: list[str],
    ) -> None:
        now = time.time()
        times = {"now": make_opened(now), "yesterday": make_opened(now - 90_000)}
        trap = {name: times.get(value, value) for name, value in trap.items()}
        sent = words(**trap)

        page = client.post(PATH, sent)
        as_json = client.post(PATH, sent, headers=JSON)

        assert page.status_code == as_json.status_code == 422
        assert said in page.text
        assert "Well **said**" in page.text
        assert "Cheap" not in page.text
        assert said in as_json.json()["errors"]["__all__"][0]
        assert list(as_json.json().get("fields", {})) == fields
        assert not Comment.objects.exists()

    def test_renewed_fields_let_it_through_in_time(
        self, talk: Post, client: Client
    ) -> None:
        sent = words(opened="", subject="Cheap")
        for _ in range(2):
            sent |= client.post(PATH, sent, headers=JSON).json()["fields"]
        time.sleep(2.1)

        assert client.post(PATH, sent).status_code == 303

    @pytest.mark.parametrize(("seconds", "status"), [(1, 422), (4, 303), (90_000, 422)])
    def test_key_of_the_form_says_when_it_was_opened(
        self, talk: Post, client: Client, seconds: int, status: int
    ) -> None:
        with time_machine.travel(timezone.now() - timedelta(seconds=seconds)):
            key = KEY.search(client.get(PATH).text)
        assert key
        sent = words(key=key[1])
        del sent["opened"]

        assert client.post(PATH, sent).status_code == status

    @pytest.mark.parametrize(("links", "status"), [(3, 303), (4, 422)])
    def test_untrusted_have_three_links(
        self, talk: Post, client: Client, links: int, status: int
    ) -> None:
        body = " ".join(f"https://example.org/{n}" for n in range(links))

        response = write(client, body=body)

        assert response.status_code == status
        if status == 422:
            assert b"more than three links" in response.content
            assert b"https://example.org/3" in response.content
            assert not Guest.objects.exists()

    def test_trusted_have_as_many_as_they_want(
        self, talk: Post, client: Client
    ) -> None:
        write_one(client)
        Guest.objects.update(trusted_at="2026-01-01T00:00Z")

        body = " ".join(f"https://example.org/{n}" for n in range(9))

        assert write_one(client, body=body).is_visible

    def test_browser_has_twelve_a_minute_and_the_text_is_kept(
        self, talk: Post, client: Client
    ) -> None:
        client.get(PATH)
        for n in range(12):
            assert write(client, body=f"Number {n}").status_code == 303

        response = write(client, body="One more")

        assert response.status_code == 429
        assert int(response["Retry-After"]) > 0
        assert b"One more" in response.content
        assert b"grace@" not in response.content
        assert write(Client()).status_code == 303

    def test_network_has_thirty_a_minute(self, talk: Post) -> None:
        for n in range(30):
            sent = write(Client(), email=f"g{n}@example.org")
            assert sent.status_code == 303

        assert write(Client()).status_code == 429


@pytest.mark.django_db
class TestKeys:
    def test_same_key_twice_is_the_same_comment_and_one_mail(
        self, talk: Post, client: Client, outbox: Outbox
    ) -> None:
        first = write(client, key="same")
        second = write(client, key="same", body="Other words")

        assert first["Location"] == second["Location"]
        assert Comment.objects.get().body == "Well **said**"
        assert len(outbox()) == 1

    def test_key_of_somebody_else_gives_the_address_and_no_identity(
        self, talk: Post, client: Client
    ) -> None:
        theirs = write_one(Client(), key="same")

        response = write(client, key="same", email="mallory@example.org")
        as_json = client.post(PATH, words(key="same"), headers=JSON)

        assert response["Location"] == f"/comments/{theirs.public_id}/"
        assert set(as_json.json()) == {"url", "id"}
        assert Comment.objects.get() == theirs
        assert Guest.objects.get() == theirs.guest
        assert client.get("/me/?post=talk").json()["comments"] == {}
        assert client.get(f"/comments/{theirs.public_id}/options/").status_code == 404

    def test_key_of_a_member_is_another_key(self, talk: Post, client: Client) -> None:
        make_comment(talk, key="same")

        write_one(client, key="same")

        assert Comment.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["elsewhere", "deleted", "hidden", "waiting"])
def test_parent_that_cannot_be_answered_gives_the_text_back(
    talk: Post, client: Client, where: str
) -> None:
    parent = {
        "elsewhere": lambda: make_comment(),
        "deleted": lambda: moderation.delete_comment(make_comment(talk)),
        "hidden": lambda: moderation.remove_comment(make_comment(talk)),
        "waiting": lambda: write_one(Client()),
    }[where]()

    response = write(client, parent=parent.public_id)

    assert response.status_code == 409
    assert b"Well **said**" in response.content
    assert not Comment.objects.filter(parent=parent).exists()


@pytest.mark.django_db
def test_post_that_went_away_gives_the_text_back(talk: Post, client: Client) -> None:
    blog_services.delete_post(talk)

    response = write(client)

    assert response.status_code == 404
    assert b"Well **said**" in response.content


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("has_cookie", [True, False])
def test_ten_at_once_are_one_comment(has_cookie: bool, outbox: Outbox) -> None:
    make_post(slug="talk")
    known = Client()
    known.get(PATH)
    clients = [Client() for _ in range(10)]
    if has_cookie:
        for client in clients:
            client.cookies[COOKIE] = known.cookies[COOKIE].value
    answers: list[Any] = []
    sent = words(key="same")

    def send(client: Client) -> None:
        answers.append(client.post(PATH, sent))

    failures = together([partial(send, client) for client in clients])

    comment = Comment.objects.get()
    assert failures == []
    assert [answer.status_code for answer in answers] == [303] * 10
    assert all(comment.public_id in answer["Location"] for answer in answers)
    assert Guest.objects.count() == 1
    assert len(outbox()) == 1
