"""What guests never confirmed is forgotten, and guests who come back meanwhile."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog.models import Post
from comments import guests, moderation, retention, tasks
from comments.models import Comment, Guest
from tests.concurrency import together, until_somebody_waits
from tests.factories import make_comment, make_moderator, make_post, make_user

ADDRESS = "grace@example.org"


def write(post: Post, visitor: UUID, **said: Any) -> Comment:
    fields = {"name": "Grace", "body": "Well said", "key": str(uuid4())} | said
    return guests.submit_comment(post=post, visitor=visitor, email=ADDRESS, **fields)


def written(days: int, **changes: Any) -> Comment:
    """Of a guest who has not confirmed the address for so many days."""
    comment = write(make_post(), uuid4())
    then = timezone.now() - timedelta(days=days)
    Comment.objects.filter(pk=comment.pk).update(created_at=then, **changes)
    Guest.objects.filter(comments=comment).update(created_at=then)
    comment.refresh_from_db()
    return comment


def run() -> None:
    tasks.forget_what_was_taken_away.func()


@pytest.mark.django_db
class TestNeverConfirmed:
    def test_is_gone_after_30_days_with_its_guest(self) -> None:
        written(days=30)

        run()

        assert not Comment.objects.exists()
        assert not Guest.objects.exists()

    def test_waits_until_then(self) -> None:
        written(days=29)

        run()

        assert Comment.objects.count() == Guest.objects.count() == 1

    @pytest.mark.parametrize("waits_for", ["moderator", "reports"])
    def test_what_waits_for_a_moderator_waits_on(self, waits_for: str) -> None:
        written(days=400, waits_for=waits_for)

        run()

        assert Comment.objects.count() == 1

    def test_what_was_answered_stays(self) -> None:
        comment = written(days=400)
        entry = moderation.decide(
            comment, moderation.Action.APPROVE, by=make_moderator()
        ).entry
        make_comment(parent=comment)
        assert entry
        moderation.undo(entry, by=make_moderator())
        Comment.objects.filter(pk=comment.pk).update(state_changed_at=None)
        comment.refresh_from_db()
        assert comment.waits_for == "address"

        run()

        assert Comment.objects.count() == 2

    def test_counts_from_when_it_began_to_wait(self) -> None:
        written(days=400, state_changed_at=timezone.now() - timedelta(days=29))

        run()

        assert Comment.objects.count() == 1

    def test_batches_go_on_until_all_is_done(self) -> None:
        for _ in range(3):
            written(days=31)

        assert [retention.forget_unconfirmed(limit=2) for _ in range(3)] == [2, 1, 0]

    def test_is_found_on_its_index(self) -> None:
        with CaptureQueriesContext(connection) as asked:
            retention.forget_unconfirmed()
        find = next(q["sql"] for q in asked.captured_queries if "ORDER BY" in q["sql"])

        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {find}")
            plan = "\n".join(row for (row,) in cursor.fetchall())

        assert "comment_waiting" in plan


@pytest.mark.django_db
class TestGoneMeanwhile:
    """The worker forgot it between two steps of somebody else."""

    def test_confirming_goes_on(self) -> None:
        comment = written(days=30)
        run()

        guests.publish(comment)

        assert not Comment.objects.exists()

    def test_adopting_goes_on(self) -> None:
        comment = written(days=30)
        run()

        guests.hand_over(comment, make_user())

        assert not Comment.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_guest_who_writes_while_being_forgotten_is_made_anew() -> None:
    post, visitor = make_post(), uuid4()
    known = Guest.objects.create(visitor=visitor, email=ADDRESS)
    failures: list[BaseException] = []
    writer = Thread(
        target=lambda: failures.extend(together([lambda: write(post, visitor)]))
    )

    with transaction.atomic():
        Guest.objects.filter(pk=known.pk).delete()
        writer.start()
        until_somebody_waits()
    writer.join(timeout=20)

    assert failures == []
    guest = Comment.objects.get().guest
    assert guest
    assert (guest.visitor, guest.email) == (visitor, ADDRESS)
    assert guest.pk != known.pk
