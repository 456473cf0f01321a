"""What guests do with what they wrote, known by their cookie alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from blog.models import Post, PostStats
from comments import moderation, services
from comments.models import Comment, Guest, Question, Side
from tests.comments.guests import JSON, confirm, words, write, write_one
from tests.conftest import Member, signed_in
from tests.factories import make_comment, make_kinds, make_post, make_stranger

if TYPE_CHECKING:
    from tests.conftest import Outbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk() -> Post:
    make_kinds()
    return make_post(slug="talk")


@pytest.fixture
def mine(talk: Post, client: Client, outbox: Outbox) -> Comment:
    comment = write_one(client)
    confirm(outbox())
    comment.refresh_from_db()
    assert comment.is_visible
    return comment


def others(member: Member) -> list[Client]:
    visitor = Client()
    visitor.get("/posts/talk/comments/new/")
    return [visitor, member]


class TestEdit:
    def test_guest_changes_the_words(self, mine: Comment, client: Client) -> None:
        path = f"/comments/{mine.public_id}/edit/"
        page = client.get(path)
        done = client.post(path, {"body": "Better"})

        mine.refresh_from_db()
        assert "Well **said**" in page.text
        assert 'name="email"' not in page.text
        assert done.status_code == 303
        assert mine.body == "Better"

    @pytest.mark.parametrize("act", ["edit", "delete"])
    def test_others_may_not(
        self, mine: Comment, member_client: Member, act: str
    ) -> None:
        path = f"/comments/{mine.public_id}/{act}/"

        for other in others(member_client):
            assert other.get(path).status_code == 403
            assert other.post(path, {"body": "Mine now"}).status_code == 403
        assert Client().post(path, {"body": "Mine now"}).status_code == 403

        mine.refresh_from_db()
        assert (mine.body, mine.state) == ("Well **said**", "visible")

    def test_guest_may_not_change_what_a_member_wrote(
        self, mine: Comment, client: Client
    ) -> None:
        other = make_comment(mine.post)

        done = client.post(f"/comments/{other.public_id}/edit/", {"body": "x"})

        assert done.status_code == 403

    def test_member_is_not_the_guest_of_the_same_browser(
        self, mine: Comment, client: Client, member_client: Member
    ) -> None:
        member_client.cookies.update(client.cookies)
        member_client.force_login(member_client.user)

        done = member_client.post(f"/comments/{mine.public_id}/edit/", {"body": "x"})

        assert done.status_code == 403


class TestDelete:
    def test_guest_deletes_after_a_question(
        self, mine: Comment, client: Client
    ) -> None:
        path = f"/comments/{mine.public_id}/delete/"
        page = client.get(path)
        first, second = client.post(path), client.post(path)

        mine.refresh_from_db()
        assert "Delete your comment?" in page.text
        assert first.status_code == second.status_code == 303
        assert mine.state == "deleted"
        assert PostStats.objects.get(post=mine.post).comment_count == 0

    def test_what_waits_is_taken_back(
        self, talk: Post, client: Client, outbox: Outbox, moderator_client: Member
    ) -> None:
        comment = write_one(client)
        path = f"/comments/{comment.public_id}/delete/"
        assert Client().post(path).status_code == 404
        assert moderator_client.post(path).status_code == 404

        done = client.post(path)
        confirm(outbox())

        comment.refresh_from_db()
        assert done.status_code == 303
        assert comment.state == "deleted"


class TestOptions:
    def test_writer_may_edit_and_delete(self, mine: Comment, client: Client) -> None:
        page = client.get(f"/comments/{mine.public_id}/options/").text

        assert f"/comments/{mine.public_id}/edit/" in page
        assert f"/comments/{mine.public_id}/delete/" in page
        assert "/comments/new/?parent=" in page
        assert "Report" not in page
        assert "grace@" not in page

    def test_writer_sees_why_it_is_not_shown(self, talk: Post, client: Client) -> None:
        comment = write_one(client)
        path = f"/comments/{comment.public_id}/options/"
        waits = client.get(path).text
        moderation.remove_comment(comment)
        removed = client.get(path).text

        assert "waiting for its guest to confirm the address" in waits
        assert f"/comments/{comment.public_id}/waiting/" in waits
        assert f"/comments/{comment.public_id}/delete/" in waits
        assert "removed by a moderator" in removed
        assert "/delete/" not in removed

    def test_nobody_else_finds_what_waits(
        self, talk: Post, client: Client, member_client: Member
    ) -> None:
        comment = write_one(client)

        for other in [*others(member_client), Client()]:
            page = other.get(f"/comments/{comment.public_id}/options/")
            assert page.status_code == 404

    def test_stranger_may_answer_where_guests_may(self, mine: Comment) -> None:
        page = Client().get(f"/comments/{mine.public_id}/options/").text

        assert "/comments/new/?parent=" in page
        assert "/edit/" not in page

    def test_where_only_members_write_strangers_are_offered_no_answer(self) -> None:
        comment = make_comment(make_post(comment_policy="members"))

        page = Client().get(f"/comments/{comment.public_id}/options/").text

        assert "/comments/new/" not in page


class TestMe:
    def ask(self, client: Client) -> dict[str, Any]:
        comments: dict[str, Any] = client.get("/me/?post=talk").json()["comments"]
        return comments

    def test_own_comments_are_told_with_their_state(
        self, mine: Comment, client: Client
    ) -> None:
        waits = write_one(client, email="other@example.org")
        write_one(Client())

        assert self.ask(client) == {
            waits.public_id: {"reactions": [], "can_edit": True, "state": "pending"},
            mine.public_id: {"reactions": [], "can_edit": True, "state": "visible"},
        }
        assert "example.org" not in client.get("/me/").text

    def test_costs_at_most_four_queries(self, mine: Comment, client: Client) -> None:
        for n in range(5):
            comment = write_one(client, body=f"Number {n}")
            for slug in ("love", "strong"):
                client.post(
                    f"/comments/{comment.public_id}/reactions/",
                    {"kind": slug, "state": "on"},
                )

        with CaptureQueriesContext(connection) as queries:
            told = self.ask(client)

        assert len(told) == 6
        assert len(queries) <= 4

    def test_strangers_cost_one_query(self, talk: Post, client: Client) -> None:
        with CaptureQueriesContext(connection) as queries:
            told = self.ask(client)

        assert told == {}
        assert len(queries) == 1


class TestUnconfirmed:
    @pytest.mark.parametrize(
        "path", ["/posts/talk/comments/new/", "/comments/preview/", "reactions"]
    )
    def test_account_that_is_not_confirmed_takes_no_part(
        self, talk: Post, path: str
    ) -> None:
        client = signed_in(make_stranger())
        path = "/posts/talk/reactions/" if path == "reactions" else path

        done = client.post(path, words() | {"kind": "love", "state": "on"})

        assert done.status_code == 403
        assert "not confirmed yet" in done.text


def test_address_is_nowhere(mine: Comment, client: Client) -> None:
    for path in (
        "/posts/talk/",
        "/posts/talk/comments/",
        f"/comments/{mine.public_id}/",
        f"/comments/{mine.public_id}/options/",
        "/me/?post=talk",
        "/feeds/rss.xml",
    ):
        for asking in (client, Client()):
            assert "grace@" not in asking.get(path, follow=True).text


def test_refusals_do_not_say_the_address(talk: Post, client: Client) -> None:
    refused = [
        write(client, parent="aaaaaaaaaa"),
        client.post("/posts/talk/comments/new/", words(parent="x"), headers=JSON),
        client.post("/posts/none/comments/new/", words()),
    ]

    assert [page.status_code for page in refused] == [409, 409, 404]
    assert not [page for page in refused if "grace@" in page.text]


def test_side_of_another_article_is_refused(talk: Post) -> None:
    question = Question.objects.create(post=make_post(), text="This or that?")
    side = Side.objects.create(
        question=question, slug="this", label="This", color="red"
    )
    guest = Guest.objects.create(
        visitor="2f1d6ad1-5c0c-4d5e-8c5e-6b5f3c3a2c11", email="grace@example.org"
    )
    said: dict[str, Any] = {"guest": guest, "name": "Grace", "body": "x", "side": side}

    with pytest.raises(services.SideGone):
        services.submit_comment(post=talk, key="k", **said)

    kept = services.submit_comment(post=question.post, key="k", **said)
    assert kept.side == side
