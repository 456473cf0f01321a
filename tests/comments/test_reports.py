from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import uuid4

import pytest

from accounts.models import User
from blog.models import PostStats
from comments import guests, moderation, services
from comments.models import Comment, Guest, ModerationEntry, Report
from tests.concurrency import together
from tests.factories import make_comment, make_moderator, make_post, make_user

pytestmark = pytest.mark.django_db

State = Comment.State
Action = ModerationEntry.Action


def report(comment: Comment, *reporters: User) -> Comment:
    for reporter in reporters:
        moderation.report_comment(comment, reporter=reporter, reason="abuse")
    comment.refresh_from_db()
    return comment


def people(count: int) -> list[User]:
    return [make_user() for _ in range(count)]


class TestThreeReports:
    def test_hide_until_a_look_with_an_entry_by_nobody(self) -> None:
        comment = make_comment()

        assert report(comment, *people(2)).is_visible
        report(comment, make_user())

        assert (comment.state, comment.waits_for) == (State.PENDING, "reports")
        assert PostStats.objects.get(post=comment.post).comment_count == 0
        entry = ModerationEntry.objects.get()
        assert (entry.action, entry.by) == (Action.REPORTED, None)

    def test_of_one_person_are_one(self) -> None:
        comment, reporter = make_comment(), make_user()

        assert report(comment, *[reporter] * 3).is_visible

    def test_a_fourth_changes_nothing_more(self) -> None:
        comment = report(make_comment(), *people(4))

        assert comment.state == State.PENDING
        assert ModerationEntry.objects.count() == 1

    def test_do_not_bring_back_what_a_moderator_removed(self) -> None:
        comment = moderation.remove_comment(make_comment(), by=make_moderator())

        assert report(comment, *people(3)).state == State.REMOVED

    def test_of_accounts_that_are_gone_do_not_count(self) -> None:
        comment = make_comment()
        for reporter in people(2):
            report(comment, reporter)
            reporter.delete()

        assert report(comment, make_user()).is_visible


class TestAfterAnApproval:
    def approved(self, reporters: list[User]) -> Comment:
        comment = report(make_comment(), *reporters)
        return moderation.approve_comment(comment, by=make_moderator())

    def test_the_reports_are_answered(self) -> None:
        comment = self.approved(people(3))

        assert comment.is_visible
        assert not comment.reports.filter(resolved_at=None).exists()

    def test_one_more_does_not_hide_it_and_three_new_ones_do(self) -> None:
        comment = self.approved(people(3))

        assert report(comment, *people(2)).is_visible
        assert report(comment, make_user()).state == State.PENDING

    def test_the_same_people_do_not_hide_it_again(self) -> None:
        reporters = people(3)
        comment = self.approved(reporters)

        assert report(comment, *reporters).is_visible
        assert comment.reports.filter(resolved_at=None).count() == 3

    def test_the_same_people_do_where_the_words_have_changed(self) -> None:
        reporters = people(3)
        comment = self.approved(reporters)
        services.edit_comment(comment, body="Something worse.")

        assert report(comment, *reporters).state == State.PENDING

    def test_approving_what_is_seen_and_reported_answers_it_once(self) -> None:
        comment, by = report(make_comment(), make_user()), make_moderator()

        moderation.approve_comment(comment, by=by)
        moderation.approve_comment(comment, by=by)

        assert Report.objects.get().resolved_by == by
        assert ModerationEntry.objects.count() == 1


class TestResolving:
    def test_two_moderators_keep_who_was_first(self) -> None:
        first, second = make_moderator(), make_moderator()
        filed = moderation.report_post(make_post(), reporter=make_user(), reason="spam")

        moderation.resolve_report(filed, by=first)
        moderation.resolve_report(filed, by=second)

        assert Report.objects.get().resolved_by == first


def is_unbroken(comment: Comment) -> bool:
    """Whether every entry begins where the one before it ended."""
    entries = list(ModerationEntry.objects.about_state().order_by("pk"))
    after = [entry.state_after for entry in entries]
    before = [entry.state_before for entry in entries]
    return before == [State.VISIBLE, *after[:-1]] and after[-1:] == [comment.state]


@pytest.mark.django_db(transaction=True)
class TestAtTheSameTime:
    def test_32_reporters_are_32_reports_and_hide_once(self) -> None:
        comment = make_comment()

        failures = together(
            [
                partial(
                    moderation.report_comment, comment, reporter=who, reason="abuse"
                )
                for who in people(32)
            ]
        )

        comment.refresh_from_db()
        assert failures == []
        assert comment.state == State.PENDING
        assert ModerationEntry.objects.count() == 1
        assert Report.objects.filter(resolved_at=None).count() == 32

    def test_reporters_and_moderators_on_one_comment(self) -> None:
        comment = make_comment()
        make_comment(comment.post)
        deciders: list[Callable[..., Comment]] = [
            moderation.approve_comment,
            moderation.mark_spam,
            moderation.remove_comment,
            moderation.restore_comment,
        ] * 4

        failures = together(
            [
                partial(
                    moderation.report_comment, comment, reporter=who, reason="abuse"
                )
                for who in people(16)
            ]
            + [partial(decide, comment, by=make_moderator()) for decide in deciders]
        )

        comment.refresh_from_db()
        visible = Comment.objects.on_post(comment.post).visible().count()
        assert failures == []
        assert Report.objects.count() == 16
        assert is_unbroken(comment)
        assert PostStats.objects.get(post=comment.post).comment_count == visible

    def test_moderators_beside_a_guest_who_writes_and_confirms(self) -> None:
        guest = Guest.objects.create(visitor=uuid4(), email="ada@example.org")
        post = make_post(comment_policy="moderate")

        def write(key: str) -> Comment:
            return services.submit_comment(
                post=post, guest=guest, name="Ada", body="Well said.", key=key
            )

        waiting = [write(f"before-{n}") for n in range(8)]
        deciders = [moderation.approve_comment, moderation.mark_spam]

        failures = together(
            [partial(write, f"meanwhile-{n}") for n in range(12)]
            + [partial(guests.confirm, guest) for _ in range(4)]
            + [
                partial(decide, comment, by=make_moderator())
                for comment in waiting
                for decide in deciders
            ]
        )

        comments = Comment.objects.on_post(post)
        guest.refresh_from_db()
        assert failures == []
        assert guest.trusted_at is not None
        assert comments.count() == 20
        assert PostStats.objects.get(post=post).comment_count == (
            comments.visible().count()
        )

    def test_one_decision_of_32_leaves_one_entry(self) -> None:
        comment = make_comment()

        failures = together(
            [
                partial(moderation.remove_comment, comment, by=by)
                for by in [make_moderator() for _ in range(32)]
            ]
        )

        assert failures == []
        assert ModerationEntry.objects.count() == 1
