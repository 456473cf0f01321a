"""What still waits to be seen is changed by who wrote it, and goes on waiting."""

from __future__ import annotations

import itertools
import re
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone

from blog.models import Post, PostStats
from comments import guests, moderation, services
from comments.models import Comment, CommentRevision, Guest
from core.models import SiteSettings
from tests.comments.guests import JSON, confirm, write_one
from tests.concurrency import together
from tests.factories import make_comment, make_post, make_user

if TYPE_CHECKING:
    from tests.conftest import Member, Outbox

pytestmark = pytest.mark.django_db
POLICY = SiteSettings.CommentPolicy
QUEUE = "/admin/comments/queue/"
LINKS = " ".join(f"[{n}](https://example.org/{n})" for n in range(4))


@pytest.fixture
def talk() -> Post:
    return make_post(slug="talk")


@pytest.fixture(params=[POLICY.CONFIRM, POLICY.MODERATE])
def waiting(request: pytest.FixtureRequest, talk: Post, client: Client) -> Comment:
    SiteSettings.objects.create(pk=1, comment_policy=request.param)
    return write_one(client)


def edit_path(comment: Comment) -> str:
    return f"/comments/{comment.public_id}/edit/"


def waiting_path(comment: Comment) -> str:
    return f"/comments/{comment.public_id}/waiting/"


def edit(client: Client, comment: Comment, body: str = "Better **said**") -> Any:
    done = client.post(edit_path(comment), {"body": body})
    comment.refresh_from_db()
    return done


def age(comment: Comment) -> None:
    comment.created_at = timezone.now() - timedelta(minutes=31)
    comment.save(update_fields=["created_at"])


def hide_by_reports(comment: Comment) -> None:
    for _ in range(moderation.REPORTS_THAT_HIDE):
        moderation.report_comment(comment, reporter=make_user(), reason="spam")
    comment.refresh_from_db()
    assert comment.waits_for == Comment.WaitsFor.REPORTS


class TestGuest:
    def test_its_browser_changes_the_words(
        self, waiting: Comment, client: Client
    ) -> None:
        waits_for = waiting.waits_for
        form = client.get(edit_path(waiting))

        done = edit(client, waiting)

        assert "Well **said**" in form.text
        assert f'href="{waiting_path(waiting)}" data-cancel' in form.text
        assert done.status_code == 303
        assert done["Location"] == waiting_path(waiting)
        assert "Better <strong>said</strong>" in client.get(done["Location"]).text
        assert (waiting.state, waiting.waits_for) == ("pending", waits_for)

    def test_script_is_told_where_it_says_why_it_waits(
        self, waiting: Comment, client: Client
    ) -> None:
        done = client.post(edit_path(waiting), {"body": "Better"}, headers=JSON)

        assert done.json() == {
            "url": waiting_path(waiting),
            "id": waiting.public_id,
            "state": "pending",
        }

    def test_nothing_of_it_becomes_public(
        self, waiting: Comment, client: Client
    ) -> None:
        edit(client, waiting)

        for path in ("/posts/talk/", "/posts/talk/comments/"):
            assert "Better" not in client.get(path).text
        history = client.get(f"/comments/{waiting.public_id}/history/")
        assert history.status_code == 404
        assert PostStats.objects.get(post=waiting.post).comment_count == 0

    def test_words_before_stay_unknown_after_it_was_published(
        self, waiting: Comment, client: Client
    ) -> None:
        edit(client, waiting, "Second words")
        moderation.approve_comment(waiting, by=make_user())
        age(waiting)

        edit(client, waiting, "Third words")

        history = client.get(f"/comments/{waiting.public_id}/history/").text
        assert "Second" in history
        assert "Well" not in history

    def test_what_is_confirmed_later_says_the_newest_words(
        self, talk: Post, client: Client, outbox: Outbox
    ) -> None:
        comment = write_one(client)
        edit(client, comment)
        confirm(outbox())

        page = Client().get("/posts/talk/").text

        assert "Better <strong>said</strong>" in page
        assert "comment__edited" not in page
        assert len(outbox()) == 1

    def test_queue_shows_the_newest_words(
        self, waiting: Comment, client: Client, moderator_client: Member
    ) -> None:
        edit(client, waiting)

        queue = moderator_client.get("/admin/comments/queue/").text

        assert "Better <strong>said</strong>" in queue
        assert "Well <strong>said</strong>" not in queue

    def test_limit_of_links_holds_again(self, waiting: Comment, client: Client) -> None:
        refused = edit(client, waiting, LINKS)

        assert refused.status_code == 422
        assert "more than three links" in refused.text
        assert waiting.body == "Well **said**"
        assert not CommentRevision.objects.exists()

    def test_who_is_trusted_edits_with_more_links(
        self, waiting: Comment, client: Client
    ) -> None:
        Guest.objects.update(trusted_at=timezone.now())

        assert edit(client, waiting, LINKS).status_code == 303
        assert waiting.body == LINKS

    def test_nobody_else_finds_it(
        self, waiting: Comment, member_client: Member, moderator_client: Member
    ) -> None:
        visitor = Client()
        visitor.get("/posts/talk/comments/new/")

        for other in (visitor, Client(), member_client, moderator_client):
            assert other.get(edit_path(waiting)).status_code == 404
            assert edit(other, waiting, "Mine now").status_code == 404

        assert waiting.body == "Well **said**"


class TestTime:
    def test_after_it_the_words_stay_as_they_wait(
        self, waiting: Comment, client: Client
    ) -> None:
        age(waiting)

        form = client.get(edit_path(waiting))
        refused = edit(client, waiting)

        assert (form.status_code, refused.status_code) == (403, 403)
        assert "time for second thoughts is over" in refused.text
        assert "Better **said**" in refused.text
        assert waiting.body == "Well **said**"

    def test_it_may_be_over_before_it_is_saved(self, waiting: Comment) -> None:
        age(waiting)

        with pytest.raises(services.StillWaits):
            services.edit_comment(waiting, body="Better")

    def test_owner_may_give_none(self, talk: Post, client: Client) -> None:
        SiteSettings.objects.create(pk=1, edit_minutes=0)
        comment = write_one(client)

        assert edit(client, comment).status_code == 403

    def test_edit_is_offered_while_it_lasts(
        self, waiting: Comment, client: Client
    ) -> None:
        def offers() -> list[bool]:
            told = client.get("/me/?post=talk").json()["comments"]
            pages = [waiting_path(waiting), f"/comments/{waiting.public_id}/options/"]
            links = [edit_path(waiting) in client.get(path).text for path in pages]
            return [*links, told[waiting.public_id]["can_edit"]]

        in_time = offers()
        age(waiting)

        assert in_time == [True, True, True]
        assert offers() == [False, False, False]


class TestMember:
    def test_what_was_hidden_by_reports_is_mended(self, member_client: Member) -> None:
        comment = make_comment(author=member_client.user, body="Rude")
        hide_by_reports(comment)

        done = edit(member_client, comment, "Polite")

        assert done["Location"] == waiting_path(comment)
        assert (comment.body, comment.state) == ("Polite", "pending")
        assert CommentRevision.objects.get().is_public is False

    def test_what_has_a_history_is_not_changed_unseen(
        self, member_client: Member
    ) -> None:
        comment = make_comment(author=member_client.user, body="One")
        age(comment)
        edit(member_client, comment, "Two")
        hide_by_reports(comment)
        SiteSettings.objects.create(pk=1, edit_minutes=60)

        refused = edit(member_client, comment, "Three")

        assert refused.status_code == 403
        assert comment.body == "Two"

    @pytest.mark.parametrize("act", [moderation.remove_comment, moderation.mark_spam])
    def test_what_was_taken_away_is_not_changed(
        self, member_client: Member, act: Any
    ) -> None:
        comment = make_comment(author=member_client.user, body="Rude")
        act(comment, by=make_user())

        assert edit(member_client, comment, "Polite").status_code == 404
        assert comment.body == "Rude"


def test_no_history_where_the_time_ends_between_two_looks_at_the_clock(
    waiting: Comment, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = waiting.created_at + timedelta(minutes=29)
    later = itertools.repeat(last + timedelta(minutes=2))
    moments = itertools.chain([last], later)
    monkeypatch.setattr(timezone, "now", lambda: next(moments))

    edited = services.edit_comment(waiting, body="Better")

    assert (edited.body, edited.edited_at) == ("Better", None)
    assert CommentRevision.objects.get().is_public is False


class TestApproval:
    def seen(self, moderator: Client, comment: Comment) -> dict[str, str]:
        """What the form beside it sends."""
        page = moderator.get(QUEUE).text
        name = f"seen-{comment.public_id}"
        found = set(re.findall(rf'name="{name}" value="([^"]+)"', page))
        assert len(found) == 1
        return {"comment": comment.public_id, name: found.pop()}

    def test_words_that_nobody_looked_at_are_not_approved(
        self, waiting: Comment, client: Client, moderator_client: Member
    ) -> None:
        seen = self.seen(moderator_client, waiting)
        edit(client, waiting, "Buy *this*")

        done = moderator_client.post(QUEUE, {"decision": "approve", **seen})

        page = moderator_client.get(done["Location"]).text
        waiting.refresh_from_db()
        assert waiting.state == "pending"
        assert "please look again" in page
        assert "Buy <em>this</em>" in page
        assert not Guest.objects.exclude(trusted_at=None).exists()

    def test_having_looked_again_one_approves(
        self, waiting: Comment, client: Client, moderator_client: Member
    ) -> None:
        edit(client, waiting)
        seen = self.seen(moderator_client, waiting)

        moderator_client.post(QUEUE, {"decision": "approve", **seen})

        waiting.refresh_from_db()
        assert waiting.is_visible

    @pytest.mark.parametrize("decision", ["spam", "remove"])
    def test_no_edit_delays_taking_away(
        self,
        waiting: Comment,
        client: Client,
        moderator_client: Member,
        decision: str,
    ) -> None:
        seen = self.seen(moderator_client, waiting)
        edit(client, waiting)

        moderator_client.post(QUEUE, {"decision": decision, **seen})

        waiting.refresh_from_db()
        assert waiting.state in {"spam", "removed"}

    def test_in_bulk_those_that_were_looked_at_are_approved(
        self, waiting: Comment, client: Client, moderator_client: Member
    ) -> None:
        other = make_comment(waiting.post)
        hide_by_reports(other)
        seen = self.seen(moderator_client, waiting) | self.seen(moderator_client, other)
        edit(client, waiting)

        both = [waiting.public_id, other.public_id]
        moderator_client.post(QUEUE, {"decision": "approve", **seen, "comment": both})

        waiting.refresh_from_db()
        other.refresh_from_db()
        assert (waiting.state, other.state) == ("pending", "visible")


@pytest.mark.django_db(transaction=True)
def test_edited_and_confirmed_at_once_it_is_seen_with_the_new_words(
    client: Client, outbox: Outbox
) -> None:
    make_post(slug="talk")
    comment = write_one(client)
    guest = Guest.objects.get()

    failures = together(
        [
            partial(guests.confirm, guest),
            partial(services.edit_comment, comment, body="Better"),
        ]
    )

    comment.refresh_from_db()
    assert failures == []
    assert (comment.state, comment.body) == ("visible", "Better")
    assert PostStats.objects.get().comment_count == 1
