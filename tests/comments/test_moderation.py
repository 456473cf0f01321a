from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.models import User
from blog.models import Post, PostStats
from comments import moderation
from comments.models import Comment, Guest, ModerationEntry, Report
from comments.retention import WordsGone
from tests.factories import make_comment, make_moderator, make_user

pytestmark = pytest.mark.django_db

State = Comment.State
Action = ModerationEntry.Action
WaitsFor = Comment.WaitsFor


def make_waiting(waits_for: str = WaitsFor.MODERATOR, **fields: object) -> Comment:
    """A comment of a guest that nobody has seen yet."""
    comment = make_comment()
    guest = Guest.objects.create(visitor=uuid4(), email="guest@example.org")
    changed = {"author": None, "guest": guest, "guest_name": "Ada", "state": "pending"}
    Comment.objects.filter(pk=comment.pk).update(
        **(changed | {"waits_for": waits_for} | fields)
    )
    PostStats.objects.filter(post=comment.post).update(comment_count=0)
    comment.refresh_from_db()
    return comment


def in_state(state: str) -> Comment:
    """A comment that came to this state without a decision."""
    comment = make_comment()
    if state == State.PENDING:
        return make_waiting()
    return moderation.change_state(comment, State(state))


def log_of(comment: Comment) -> list[tuple[str, str, str]]:
    entries = ModerationEntry.objects.filter(comment=comment).order_by("pk")
    return list(entries.values_list("action", "state_before", "state_after"))


def count_of(post: Post) -> int:
    return PostStats.objects.get(post=post).comment_count


Decide = Callable[..., Comment]


class TestDecisions:
    @pytest.mark.parametrize(
        ("decide", "before", "after"),
        [
            (moderation.approve_comment, "pending", "visible"),
            (moderation.approve_comment, "spam", "visible"),
            (moderation.mark_spam, "visible", "spam"),
            (moderation.mark_spam, "pending", "spam"),
            (moderation.mark_spam, "removed", "spam"),
            (moderation.remove_comment, "visible", "removed"),
            (moderation.remove_comment, "pending", "removed"),
            (moderation.remove_comment, "spam", "removed"),
            (moderation.restore_comment, "removed", "visible"),
            (moderation.restore_comment, "spam", "visible"),
            (moderation.hide_comment, "visible", "removed"),
            (moderation.hide_comment, "pending", "removed"),
        ],
    )
    def test_changes_counts_and_is_logged_once(
        self, decide: Decide, before: str, after: str
    ) -> None:
        comment, by = in_state(before), make_moderator()

        decide(comment, by=by)
        again = decide(comment, by=by)

        assert again.state == after
        assert [entry[1:] for entry in log_of(comment)] == [(before, after)]
        assert ModerationEntry.objects.get().by == by
        assert count_of(comment.post) == (1 if after == "visible" else 0)

    @pytest.mark.parametrize(
        "decide",
        [
            moderation.approve_comment,
            moderation.mark_spam,
            moderation.remove_comment,
            moderation.restore_comment,
            moderation.hide_comment,
        ],
    )
    def test_what_its_author_deleted_meanwhile_stays_deleted(
        self, decide: Decide
    ) -> None:
        comment = make_comment()
        moderation.delete_comment(comment)

        after = decide(comment, by=make_moderator())

        assert after.state == State.DELETED
        assert log_of(comment) == []

    def test_approval_does_not_bring_back_what_was_removed_meanwhile(self) -> None:
        comment, by = make_waiting(), make_moderator()
        moderation.remove_comment(comment, by=by)

        assert moderation.approve_comment(comment, by=by).state == State.REMOVED

    @pytest.mark.parametrize("way", ["restore", "undo", "unhide"])
    def test_what_was_taken_away_long_ago_does_not_come_back(self, way: str) -> None:
        comment, by = make_comment(), make_moderator()
        hide = moderation.hide_comment if way == "unhide" else moderation.remove_comment
        hide(comment, by=by)
        long_ago = timezone.now() - timedelta(days=31)
        Comment.objects.filter(pk=comment.pk).update(state_changed_at=long_ago)
        entry = ModerationEntry.objects.get()
        ways: dict[str, Callable[[], object]] = {
            "restore": lambda: moderation.restore_comment(comment, by=by),
            "undo": lambda: moderation.undo(entry, by=by),
            "unhide": lambda: moderation.unhide_comment(comment, by=by),
        }

        with pytest.raises(WordsGone):
            ways[way]()

        assert len(log_of(comment)) == 1

    def test_removal_keeps_its_reason(self) -> None:
        comment = make_comment()

        moderation.remove_comment(comment, by=make_moderator(), reason="An insult.")

        assert ModerationEntry.objects.get().reason == "An insult."

    def test_approval_trusts_the_guest_and_keeps_since_when(self) -> None:
        comment, by = make_waiting(), make_moderator()
        assert comment.guest

        moderation.approve_comment(comment, by=by)
        comment.guest.refresh_from_db()
        since = comment.guest.trusted_at
        moderation.remove_comment(comment, by=by)
        moderation.mark_spam(comment, by=by)
        moderation.approve_comment(comment, by=by)

        comment.guest.refresh_from_db()
        assert since is not None
        assert comment.guest.trusted_at == since

    def test_state_changes_without_an_entry_where_nobody_decided(self) -> None:
        comment = make_waiting(WaitsFor.ADDRESS)

        moderation.change_state(comment, State.VISIBLE)

        comment.refresh_from_db()
        assert (comment.state, comment.waits_for) == (State.VISIBLE, "")
        assert log_of(comment) == []
        assert count_of(comment.post) == 1


class TestUndo:
    def last(self) -> ModerationEntry:
        entry = ModerationEntry.objects.first()
        assert entry
        return entry

    @pytest.mark.parametrize("waits_for", [WaitsFor.ADDRESS, WaitsFor.MODERATOR])
    def test_brings_back_what_it_waited_for(self, waits_for: str) -> None:
        comment, by = make_waiting(waits_for), make_moderator()
        moderation.approve_comment(comment, by=by)

        after = moderation.undo(self.last(), by=by).comment

        assert (after.state, after.waits_for) == (State.PENDING, waits_for)
        assert count_of(comment.post) == 0
        assert log_of(comment)[-1] == (Action.UNDO, "visible", "pending")

    def test_takes_back_the_trust_that_the_decision_gave(self) -> None:
        comment, by = make_waiting(), make_moderator()
        moderation.approve_comment(comment, by=by)

        moderation.undo(self.last(), by=by)

        assert Guest.objects.get().trusted_at is None

    def test_leaves_an_older_trust(self) -> None:
        comment, by = make_waiting(), make_moderator()
        Guest.objects.update(trusted_at=timezone.now())
        moderation.approve_comment(comment, by=by)

        moderation.undo(self.last(), by=by)

        assert Guest.objects.get().trusted_at is not None

    def test_opens_the_reports_that_were_answered(self) -> None:
        comment, by = make_comment(), make_moderator()
        again, once = make_user(), make_user()
        for reporter in (again, once):
            moderation.report_comment(comment, reporter=reporter, reason="spam")
        moderation.approve_comment(comment, by=by)
        moderation.report_comment(comment, reporter=again, reason="abuse")

        moderation.undo(self.last(), by=by)

        waiting = Report.objects.filter(resolved_at=None)
        assert sorted(waiting.values_list("reporter", "reason")) == sorted(
            [(again.pk, "abuse"), (once.pk, "spam")]
        )

    def test_twice_is_once_and_undoes_no_undoing(self) -> None:
        comment, by = make_comment(), make_moderator()
        moderation.remove_comment(comment, by=by)
        removal = self.last()

        moderation.undo(removal, by=by)
        moderation.undo(removal, by=by)
        moderation.undo(self.last(), by=by)

        assert [entry[0] for entry in log_of(comment)] == [Action.REMOVE, Action.UNDO]

    def test_comes_too_late_after_another_decision(self) -> None:
        comment, by = make_comment(), make_moderator()
        moderation.mark_spam(comment, by=by)
        first = self.last()
        moderation.remove_comment(comment, by=make_moderator())

        decision = moderation.undo(first, by=by)

        assert decision.entry is None
        assert decision.comment.state == State.REMOVED

    def test_leaves_deleted_what_its_author_deleted_since(self) -> None:
        comment, by = make_waiting(), make_moderator()
        moderation.approve_comment(comment, by=by)
        approval = self.last()
        moderation.delete_comment(comment)

        assert moderation.undo(approval, by=by).comment.state == State.DELETED


class TestAuthorsOfThePost:
    def test_put_back_what_they_hid_as_it_was(self) -> None:
        comment, author = make_waiting(WaitsFor.ADDRESS), make_user()
        moderation.hide_comment(comment, by=author)

        after = moderation.unhide_comment(comment, by=author).comment

        assert (after.state, after.waits_for) == (State.PENDING, WaitsFor.ADDRESS)

    def test_do_not_bring_back_what_a_moderator_removed(self) -> None:
        comment, author = make_comment(), make_user()
        moderation.remove_comment(comment, by=make_moderator())

        assert moderation.unhide_comment(comment, by=author).entry is None
        comment.refresh_from_db()
        assert comment.state == State.REMOVED

    def test_nor_what_a_moderator_removed_after_they_hid_it(self) -> None:
        comment, author, by = make_comment(), make_user(), make_moderator()
        moderation.hide_comment(comment, by=author)
        moderation.remove_comment(comment, by=by, reason="Worse than that.")
        moderation.remove_comment(comment, by=by)

        assert moderation.unhide_comment(comment, by=author).entry is None
        assert [entry[0] for entry in log_of(comment)] == [Action.HIDE, Action.REMOVE]

    def test_hiding_leaves_reports_to_the_moderators(self) -> None:
        comment = make_comment()
        moderation.report_comment(comment, reporter=make_user(), reason="abuse")

        moderation.hide_comment(comment, by=make_user())

        assert Report.objects.filter(resolved_at=None).exists()


class TestLog:
    @pytest.mark.parametrize("change", ["update", "delete"])
    def test_is_only_added_to(self, change: str) -> None:
        moderation.remove_comment(make_comment(), by=make_moderator())
        entries = ModerationEntry.objects.all()

        with pytest.raises(DatabaseError), transaction.atomic():
            entries.update(reason="Never mind.") if change == "update" else (
                entries.delete()
            )

        assert ModerationEntry.objects.get().reason == ""

    def test_outlives_what_it_is_about(self) -> None:
        comment, by = make_comment(), make_moderator()
        moderation.remove_comment(comment, by=by)

        comment.delete()
        User.objects.filter(pk=by.pk).delete()

        entry = ModerationEntry.objects.get()
        assert (entry.comment_id, entry.by_id) != (None, None)

    def test_nothing_changes_where_no_entry_can_be_written(self) -> None:
        comment = make_comment()

        with pytest.raises(DatabaseError), transaction.atomic():
            moderation.remove_comment(comment, reason="x" * 301)

        comment.refresh_from_db()
        assert comment.is_visible
