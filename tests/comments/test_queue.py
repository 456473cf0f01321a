from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone

from comments import moderation
from comments.models import Comment, ModerationEntry
from tests.conftest import Member, signed_in
from tests.factories import make_author, make_comment, make_post, make_user

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

    from blog.models import Post

pytestmark = pytest.mark.django_db

QUEUE = "/admin/comments/queue/"


def waiting(post: Post | None = None, **fields: Any) -> Comment:
    """A comment that waits for a moderator."""
    comment = make_comment(post, **fields)
    Comment.objects.filter(pk=comment.pk).update(state="pending", waits_for="moderator")
    comment.refresh_from_db()
    return comment


def decide(client: Client, decision: str, *comments: Comment, **data: str) -> Response:
    ids = [comment.public_id for comment in comments]
    return client.post(QUEUE, {"decision": decision, "comment": ids, **data})


def state_of(comment: Comment) -> str:
    comment.refresh_from_db()
    return comment.state


class TestWhoMay:
    def test_moderator_and_owner_see_all(
        self, moderator_client: Member, owner_client: Member
    ) -> None:
        comment = waiting(body="A word in waiting.")

        for client in (moderator_client, owner_client):
            page = client.get(QUEUE).text
            assert "A word in waiting." in page
            assert f'id="comment-{comment.public_id}"' in page

    def test_author_sees_what_is_under_their_own_posts(
        self, author_client: Member
    ) -> None:
        waiting(make_post(author=author_client.user), body="Under mine.")
        waiting(body="Under theirs.")

        page = author_client.get(QUEUE).text

        assert "Under mine." in page
        assert "Under theirs." not in page
        assert author_client.get(f"{QUEUE}?tab=spam").status_code == 404

    def test_member_may_not_and_stranger_is_shown_the_door(
        self, member_client: Member, client: Client
    ) -> None:
        assert member_client.get(QUEUE, follow=True).status_code == 403
        assert decide(member_client, "approve", waiting()).status_code == 403
        door = client.get(QUEUE, follow=True).redirect_chain[-1]
        assert door[0].startswith("/accounts/login/")

    @pytest.mark.parametrize("decision", ["approve", "spam", "remove"])
    def test_author_does_not_decide_for_moderators(
        self, author_client: Member, decision: str
    ) -> None:
        comment = waiting(make_post(author=author_client.user))

        assert decide(author_client, decision, comment).status_code == 403
        assert state_of(comment) == "pending"

    def test_author_hides_and_shows_again_under_their_own(
        self, author_client: Member
    ) -> None:
        comment = waiting(make_post(author=author_client.user))

        decide(author_client, "hide", comment)
        assert state_of(comment) == "removed"
        assert comment.public_id in author_client.get(f"{QUEUE}?tab=removed").text
        decide(author_client, "restore", comment)

        assert state_of(comment) == "pending"

    def test_author_has_no_hand_in_other_posts(self, author_client: Member) -> None:
        comment = waiting()

        assert decide(author_client, "hide", comment).status_code == 404
        assert state_of(comment) == "pending"

    def test_author_neither_sees_nor_shows_what_a_moderator_removed(
        self, author_client: Member
    ) -> None:
        comment = make_comment(make_post(author=author_client.user))
        moderation.remove_comment(comment, by=make_user())

        assert comment.public_id not in author_client.get(f"{QUEUE}?tab=removed").text
        decide(author_client, "restore", comment)
        assert state_of(comment) == "removed"

    def test_moderator_does_not_hide_as_an_author(
        self, moderator_client: Member
    ) -> None:
        assert decide(moderator_client, "hide", waiting()).status_code == 403


class TestWhatItShows:
    def test_what_a_decision_needs(self, moderator_client: Member) -> None:
        writer, post = make_user(), make_post(title="On birds")
        make_comment(post, author=writer)
        moderation.remove_comment(make_comment(post, author=writer))
        start = make_comment(post, body="Birds lay eggs.")
        earlier = make_comment(parent=start, body="So do snakes.")
        comment = make_comment(parent=start, author=writer, body="**Buy** eggs here.")
        make_comment(parent=start, body="No thanks.")
        reporter = make_user()
        moderation.report_comment(
            comment, reporter=reporter, reason="spam", note="Eggs again."
        )

        page = moderator_client.get(QUEUE).text

        assert "<strong>Buy</strong> eggs here." in page
        assert re.search(r'href="/posts/[^"]+/">On birds</a>', page)
        assert "2 visible, 1 removed" in page
        assert "Readers see it; it was reported." in page
        assert "Spam or advertising" in page
        assert "Eggs again." in page
        assert f"@{reporter.handle}" in page
        words = ["Birds lay eggs.", earlier.body, "This comment", "No thanks."]
        places = [page.index(word) for word in words]
        assert places == sorted(places)

    def test_reporter_is_never_shown_to_the_writer(self) -> None:
        writer = make_author()
        client = signed_in(writer)
        comment = make_comment(make_post(author=writer), author=writer)
        reporter = make_user()
        moderation.report_comment(comment, reporter=reporter, reason="abuse")

        page = client.get(QUEUE).text

        assert "Insult, threat or harassment" in page
        assert reporter.handle not in page

    def test_nor_to_a_writer_who_moderates(self, moderator_client: Member) -> None:
        comment = make_comment(author=moderator_client.user)
        reporter = make_user()
        moderation.report_comment(comment, reporter=reporter, reason="abuse")

        pages = [
            moderator_client.get(address).text
            for address in (
                QUEUE,
                "/admin/comments/report/",
                f"/comments/{comment.public_id}/options/",
            )
        ]

        assert "Insult, threat or harassment" in pages[0]
        assert not any(reporter.handle in page for page in pages)

    def test_those_who_wait_for_their_guest_come_last(
        self, moderator_client: Member
    ) -> None:
        unconfirmed, later = waiting(), waiting()
        Comment.objects.filter(pk=unconfirmed.pk).update(waits_for="address")

        page = moderator_client.get(QUEUE).text

        assert page.index(later.public_id) < page.index(unconfirmed.public_id)
        assert "Waits for its guest to confirm the address." in page
        assert ">Queue (1)</a>" in page

    def test_index_and_sidebar_lead_there_with_the_number(
        self, moderator_client: Member, author_client: Member
    ) -> None:
        waiting()
        waiting(make_post(author=author_client.user))

        assert (
            f'<a href="{QUEUE}">Queue (2)</a>' in moderator_client.get("/admin/").text
        )
        assert f'<a href="{QUEUE}">Queue (1)</a>' in author_client.get("/admin/").text
        sidebar = moderator_client.get("/admin/comments/comment/").text
        assert f'<a href="{QUEUE}">Queue (2)</a>' in sidebar

    def test_reports_of_articles_are_named(self, moderator_client: Member) -> None:
        moderation.report_post(make_post(), reporter=make_user(), reason="false")

        assert "1 report about articles" in moderator_client.get(QUEUE).text

    def test_tabs_hold_what_was_taken_away(self, moderator_client: Member) -> None:
        spam = moderation.mark_spam(make_comment(), by=make_user())
        removed = moderation.remove_comment(make_comment(), reason="Not here.")

        assert spam.public_id in moderator_client.get(f"{QUEUE}?tab=spam").text
        page = moderator_client.get(f"{QUEUE}?tab=removed").text
        assert removed.public_id in page
        assert "Not here." in page
        assert moderator_client.get(f"{QUEUE}?tab=lost").status_code == 404

    def test_pages_of_25(self, moderator_client: Member) -> None:
        post, writer = make_post(), make_user()
        for _ in range(26):
            waiting(post, author=writer)

        first = moderator_client.get(QUEUE).text
        second = moderator_client.get(f"{QUEUE}?page=2").text

        assert first.count("<article") == 25
        assert second.count("<article") == 1
        assert moderator_client.get(f"{QUEUE}?page=99").text.count("<article") == 25

    def test_costs_the_same_for_one_as_for_many(
        self, moderator_client: Member, django_assert_num_queries: Any
    ) -> None:
        def fill(count: int) -> None:
            for _ in range(count):
                start = make_comment()
                comment = waiting(parent=start)
                make_comment(parent=start)
                moderation.report_comment(comment, reporter=make_user(), reason="spam")

        moderator_client.get(QUEUE)
        for count in (1, 8):
            fill(count)
            with django_assert_num_queries(11):
                moderator_client.get(QUEUE)


class TestDecisions:
    @pytest.mark.parametrize(
        ("decision", "state"),
        [("approve", "visible"), ("spam", "spam"), ("remove", "removed")],
    )
    def test_is_done_offered_back_and_taken_back(
        self, moderator_client: Member, decision: str, state: str
    ) -> None:
        comment, other = waiting(), waiting()

        response = decide(moderator_client, decision, comment, next=other.public_id)
        assert state_of(comment) == state
        assert response.status_code == 303
        assert response["Location"].endswith(f"#comment-{other.public_id}")
        page = moderator_client.get(response["Location"]).text
        entry = re.search(r'name="entry" value="(\d+)"', page)
        assert entry
        moderator_client.post(QUEUE, {"decision": "undo", "entry": entry[1]})

        assert (state_of(comment), comment.waits_for) == ("pending", "moderator")

    def test_many_at_once_are_undone_at_once(self, moderator_client: Member) -> None:
        comments = [waiting() for _ in range(3)]
        left = waiting()

        response = decide(
            moderator_client, "remove", *comments, reason="Same advertisement."
        )

        assert [state_of(comment) for comment in comments] == ["removed"] * 3
        assert state_of(left) == "pending"
        entries = ModerationEntry.objects.filter(reason="Same advertisement.")
        assert "Removed: 3 comments." in moderator_client.get(response["Location"]).text
        pks = [entry.pk for entry in entries]
        moderator_client.post(QUEUE, {"decision": "undo", "entry": pks})
        assert [state_of(comment) for comment in comments] == ["pending"] * 3

    def test_comes_too_late_and_says_so(self, moderator_client: Member) -> None:
        comment = waiting()
        moderation.delete_comment(comment)

        response = decide(moderator_client, "approve", comment)

        assert "Nothing was changed" in moderator_client.get(response["Location"]).text
        assert state_of(comment) == "deleted"

    def test_what_lost_its_words_cannot_be_restored(
        self, moderator_client: Member
    ) -> None:
        comment = moderation.remove_comment(make_comment())
        Comment.objects.update(state_changed_at=timezone.now() - timedelta(days=31))

        response = decide(moderator_client, "restore", comment, tab="removed")

        assert "The words are gone" in moderator_client.get(response["Location"]).text
        assert state_of(comment) == "removed"

    def test_others_decisions_are_not_undone(self, moderator_client: Member) -> None:
        comment = moderation.remove_comment(make_comment(), by=make_user())
        entry = ModerationEntry.objects.get()

        moderator_client.post(QUEUE, {"decision": "undo", "entry": entry.pk})

        assert state_of(comment) == "removed"

    def test_too_long_a_reason_is_told_and_kept(self, moderator_client: Member) -> None:
        comment, reason = waiting(), "long " * 70

        response = decide(moderator_client, "remove", comment, reason=reason)

        assert response.status_code == 422
        assert reason.strip() in response.text
        assert "at most 300 characters" in response.text
        assert state_of(comment) == "pending"

    @pytest.mark.parametrize("decision", ["", "burn", "lock"])
    def test_unknown_decision_is_refused(
        self, moderator_client: Member, decision: str
    ) -> None:
        comment = waiting()

        assert decide(moderator_client, decision, comment).status_code == 422
        assert state_of(comment) == "pending"

    def test_nothing_chosen_changes_nothing(self, moderator_client: Member) -> None:
        waiting()

        response = decide(moderator_client, "approve")

        assert response.status_code == 303
        assert not ModerationEntry.objects.exists()

    def test_missing_token_is_refused(self, moderator_client: Member) -> None:
        comment = waiting()
        client = signed_in(moderator_client.user, enforce_csrf_checks=True)

        assert decide(client, "approve", comment).status_code == 403
        assert state_of(comment) == "pending"
