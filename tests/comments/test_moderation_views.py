from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils import timezone

from blog.models import Post
from comments import moderation
from comments.models import Comment, ModerationEntry
from tests.conftest import Member, signed_in, without_mark
from tests.factories import make_author, make_comment, make_moderator, make_post

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

pytestmark = pytest.mark.django_db

VERBS = ["remove", "hide", "restore", "lock", "unlock"]
JSON = {"Accept": "application/json"}


def address(comment: Comment, verb: str) -> str:
    return f"/comments/{comment.public_id}/{verb}/"


def state_of(comment: Comment) -> str:
    comment.refresh_from_db()
    return comment.state


def logged() -> list[str]:
    entries = ModerationEntry.objects.order_by("pk")
    return list(entries.values_list("action", flat=True))


def options(client: Client, comment: Comment) -> Response:
    return client.get(address(comment, "options"))


class TestWhoMay:
    """Rows: who asks. Columns: seen by readers, or removed by a moderator."""

    GRID = {
        "remove": {"moderator": 200, "author": 403, "member": 403},
        "hide": {"moderator": 403, "author": 200, "member": 403},
        "restore": {"moderator": 200, "author": 200, "member": 403},
        "lock": {"moderator": 200, "author": 403, "member": 403},
        "unlock": {"moderator": 200, "author": 403, "member": 403},
    }

    def clients(self, post: Post, member: Member) -> dict[str, Client]:
        writer = post.bylines.get().user
        return {
            "moderator": signed_in(make_moderator()),
            "author": signed_in(writer),
            "member": member,
        }

    @pytest.mark.parametrize("verb", VERBS)
    def test_of_those_who_see_it(self, member_client: Member, verb: str) -> None:
        comment = make_comment(make_post())

        clients = self.clients(comment.post, member_client)
        got = {
            who: client.get(address(comment, verb)).status_code
            for who, client in clients.items()
        }

        assert got == self.GRID[verb]

    @pytest.mark.parametrize("verb", VERBS)
    def test_of_those_who_do_not(self, member_client: Member, verb: str) -> None:
        comment = moderation.remove_comment(make_comment(), by=make_moderator())
        other_author = signed_in(make_author())

        for client in (member_client, other_author):
            assert client.post(address(comment, verb)).status_code == 404

        assert logged() == ["remove"]

    @pytest.mark.parametrize("verb", VERBS)
    def test_stranger_is_shown_the_door(self, client: Client, verb: str) -> None:
        comment = make_comment()

        response = client.get(address(comment, verb))

        assert response.status_code == 302
        assert response["Location"].startswith("/accounts/login/")
        assert client.post(address(comment, verb)).status_code == 403
        assert logged() == []

    @pytest.mark.parametrize("verb", VERBS)
    def test_asking_changes_nothing_and_is_private(
        self, owner_client: Member, verb: str
    ) -> None:
        comment = make_comment(make_post(author=owner_client.user))

        response = owner_client.get(address(comment, verb))

        assert response.status_code == 200
        assert "no-store" in response["Cache-Control"]
        assert 'name="csrfmiddlewaretoken"' in response.text
        assert owner_client.put(address(comment, verb)).status_code == 405
        assert logged() == []

    def test_comment_of_a_draft_is_not_there(self, moderator_client: Member) -> None:
        comment = make_comment()
        Post.objects.update(published_at=None)

        for verb in VERBS:
            assert moderator_client.post(address(comment, verb)).status_code == 404


class TestActs:
    def test_moderator_removes_with_a_reason_and_restores(
        self, moderator_client: Member
    ) -> None:
        comment = make_comment(make_post(slug="talk"))

        response = moderator_client.post(
            address(comment, "remove"), {"reason": "An insult."}
        )
        assert without_mark(response["Location"]) == "/posts/talk/#comments"
        assert state_of(comment) == "removed"
        assert ModerationEntry.objects.get().reason == "An insult."
        response = moderator_client.post(address(comment, "restore"))

        landed = without_mark(response["Location"])
        assert landed == f"/posts/talk/#comment-{comment.public_id}"
        assert state_of(comment) == "visible"

    def test_too_long_a_reason_is_told_and_kept(self, moderator_client: Member) -> None:
        comment, reason = make_comment(), "long " * 70

        html = moderator_client.post(address(comment, "remove"), {"reason": reason})
        json = moderator_client.post(
            address(comment, "remove"), {"reason": reason}, headers=JSON
        )

        assert (html.status_code, json.status_code) == (422, 422)
        assert reason.strip() in html.text
        assert "reason" in json.json()["errors"]
        assert state_of(comment) == "visible"

    def test_deleting_what_others_wrote_is_removing_it(
        self, moderator_client: Member
    ) -> None:
        comment = make_comment()

        asked = moderator_client.get(address(comment, "delete"))
        assert (asked.status_code, asked["Location"]) == (
            302,
            address(comment, "remove"),
        )
        moderator_client.post(address(comment, "delete"))

        entry = ModerationEntry.objects.get()
        assert state_of(comment) == "removed"
        assert (entry.action, entry.by) == ("remove", moderator_client.user)

    def test_own_comment_of_a_moderator_is_deleted(
        self, moderator_client: Member
    ) -> None:
        comment = make_comment(author=moderator_client.user)

        assert moderator_client.get(address(comment, "delete")).status_code == 200
        moderator_client.post(address(comment, "delete"))

        assert state_of(comment) == "deleted"
        assert logged() == []

    def test_author_hides_and_shows_again(self, author_client: Member) -> None:
        comment = make_comment(make_post(author=author_client.user))

        author_client.post(address(comment, "hide"))
        author_client.post(address(comment, "hide"))
        assert state_of(comment) == "removed"
        author_client.post(address(comment, "restore"))

        assert state_of(comment) == "visible"
        assert logged() == ["hide", "restore"]

    def test_author_may_not_restore_what_a_moderator_removed(
        self, author_client: Member
    ) -> None:
        comment = make_comment(make_post(author=author_client.user))
        moderation.remove_comment(comment, by=make_moderator())

        response = author_client.post(address(comment, "restore"))

        assert response.status_code == 403
        assert state_of(comment) == "removed"

    def test_what_lost_its_words_cannot_be_shown(
        self, moderator_client: Member
    ) -> None:
        comment = moderation.remove_comment(make_comment())
        Comment.objects.update(state_changed_at=timezone.now() - timedelta(days=31))

        response = moderator_client.post(address(comment, "restore"))

        assert response.status_code == 409
        assert "its words are gone" in response.text
        assert state_of(comment) == "removed"

    def test_author_without_the_role_does_not_hide(self, member_client: Member) -> None:
        comment = make_comment()
        comment.post.bylines.update(user=member_client.user)

        assert member_client.post(address(comment, "hide")).status_code == 403

    def test_moderator_locks_and_unlocks_the_thread(
        self, moderator_client: Member
    ) -> None:
        start = make_comment()
        reply = make_comment(parent=start)

        for verb, label in (("lock", "Unlock the thread"), ("unlock", "Lock the thr")):
            response = moderator_client.post(address(reply, verb), headers=JSON)
            assert response.json()["id"] == reply.public_id
            assert label in options(moderator_client, reply).text

        assert logged() == ["lock", "unlock"]

    @pytest.mark.parametrize("role", ["moderator", "author"])
    def test_comments_are_closed_and_opened(
        self, author_client: Member, moderator_client: Member, role: str
    ) -> None:
        client = author_client if role == "author" else moderator_client
        comment = make_comment(make_post(slug="talk", author=author_client.user))
        assert "Close the comments" in options(client, comment).text

        assert client.get("/posts/talk/comments/close/").status_code == 200
        client.post("/posts/talk/comments/close/")
        assert Post.objects.get().comment_policy == "closed"
        assert "Open the comments" in options(client, comment).text
        client.post("/posts/talk/comments/open/")

        assert Post.objects.get().comment_policy == "site"
        assert logged() == ["close", "open"]

    def test_others_do_not_close(
        self, member_client: Member, author_client: Member
    ) -> None:
        make_post(slug="talk")

        for client in (member_client, author_client):
            assert client.post("/posts/talk/comments/close/").status_code == 403
        assert member_client.post("/posts/lost/comments/open/").status_code == 404
        assert logged() == []

    def test_each_leads_to_a_page_that_shows_it(self, moderator_client: Member) -> None:
        comment = make_comment()

        for verb in ("lock", "unlock", "remove", "restore"):
            response = moderator_client.post(address(comment, verb))
            assert "after=" in response["Location"]


class TestOptions:
    def test_writer_is_told_the_reason_and_not_by_whom(
        self, member_client: Member
    ) -> None:
        comment, by = make_comment(author=member_client.user), make_moderator()
        moderation.remove_comment(comment, by=by, reason="Names a private person.")

        page = options(member_client, comment).text

        assert "removed by a moderator: Names a private person." in page
        assert by.handle not in page

    def test_writer_is_told_that_an_author_hid_it(self, member_client: Member) -> None:
        comment = make_comment(author=member_client.user)
        moderation.hide_comment(comment, by=comment.post.bylines.get().user)

        page = options(member_client, comment).text

        assert "hidden by an author of the article." in page

    def test_others_do_not_find_it(self, member_client: Member) -> None:
        comment = moderation.remove_comment(make_comment(), reason="Private.")

        assert options(member_client, comment).status_code == 404

    def test_offer_each_what_they_may(
        self, moderator_client: Member, member_client: Member
    ) -> None:
        comment = make_comment()
        author_client = signed_in(comment.post.bylines.get().user)
        acts = {
            "moderator": {"remove", "lock"},
            "author": {"hide"},
            "member": set[str](),
        }
        clients = (moderator_client, author_client, member_client)

        for client, offered in zip(clients, acts.values(), strict=True):
            page = options(client, comment).text
            assert {verb for verb in VERBS if address(comment, verb) in page} == offered

    def test_author_is_offered_to_show_only_what_authors_hid(self) -> None:
        comment = make_comment()
        author = comment.post.bylines.get().user
        client = signed_in(author)

        moderation.hide_comment(comment, by=author)
        assert address(comment, "restore") in options(client, comment).text
        moderation.remove_comment(comment, by=make_moderator())

        assert address(comment, "restore") not in options(client, comment).text


class TestReporting:
    def test_third_reporter_is_thanked_though_it_is_hidden(
        self, member_client: Member
    ) -> None:
        comment = make_comment(body="Awful words.")
        for who in (make_author(), make_author()):
            moderation.report_comment(comment, reporter=who, reason="abuse")
        report = address(comment, "report")

        response = member_client.post(report, {"reason": "abuse"}, follow=True)

        assert state_of(comment) == "pending"
        assert response.status_code == 200
        assert "Thank you." in response.text
        assert "Awful words." not in response.text

    def test_a_fourth_who_comes_later_does_not_find_it(
        self, member_client: Member
    ) -> None:
        comment = make_comment()
        for who in (make_author(), make_author(), make_author()):
            moderation.report_comment(comment, reporter=who, reason="abuse")

        assert member_client.get(address(comment, "report")).status_code == 404
