from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Thread

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments import moderation, retention, services, tasks
from comments.models import Comment, CommentRevision, Guest
from core.markup import RENDERER_VERSION
from reactions.models import Reaction
from tests.concurrency import together, until_somebody_waits
from tests.conftest import Member, signed_in
from tests.factories import (
    make_comment,
    make_guest_comment,
    make_kinds,
    make_post,
    make_user,
)

TAKEN_AWAY = [moderation.delete_comment, moderation.remove_comment]


def mark_spam(comment: Comment) -> Comment:
    return moderation.change_state(comment, Comment.State.SPAM)


def long_ago(comment: Comment, days: int = 30) -> Comment:
    """As if its state had changed so many days before."""
    comment.state_changed_at = timezone.now() - timedelta(days=days)
    comment.save(update_fields=["state_changed_at"])
    return comment


def run() -> None:
    tasks.forget_what_was_taken_away.func()


def stored(comment: Comment) -> Comment:
    return Comment.objects.get(pk=comment.pk)


def everything_stored() -> str:
    """All rows of the tables that a comment's words and writer may be in."""
    tables = "comments_comment", "comments_commentrevision", "comments_guest"
    found = []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT t::text FROM {table} t")  # noqa: S608  (a constant)
            found += [row for (row,) in cursor.fetchall()]
    return "\n".join(found)


@pytest.mark.django_db
class TestForgetting:
    @pytest.mark.parametrize("take_away", [*TAKEN_AWAY, mark_spam])
    def test_what_nobody_answered_is_gone_after_30_days(
        self, take_away: Callable[[Comment], Comment]
    ) -> None:
        comment = make_comment(body="Secret words")
        services.edit_comment(comment, body="Other secret")
        long_ago(take_away(comment))

        run()

        assert not Comment.objects.exists()
        assert not CommentRevision.objects.exists()

    @pytest.mark.parametrize("take_away", TAKEN_AWAY)
    def test_what_was_answered_leaves_an_empty_place(
        self, client: Client, take_away: Callable[[Comment], Comment]
    ) -> None:
        post = make_post(slug="talk")
        comment = make_comment(post, body="Secret words")
        services.edit_comment(comment, body="Other secret")
        make_comment(parent=comment, body="An answer")
        state = long_ago(take_away(comment)).state

        run()

        place = stored(comment)
        assert (place.state, place.author, place.body) == (state, None, "")
        assert "ecret" not in everything_stored()
        page = client.get("/posts/talk/").content.decode()
        assert f'id="comment-{comment.public_id}"' in page
        assert "comment__tombstone" in page
        assert "An answer" in page

    def test_answer_that_is_hidden_keeps_the_place(self) -> None:
        comment = make_comment()
        moderation.remove_comment(make_comment(parent=comment))
        long_ago(moderation.delete_comment(comment))

        run()

        assert Comment.objects.count() == 2

    def test_place_goes_with_the_last_that_kept_it(self) -> None:
        start = make_comment()
        reply = make_comment(parent=start)
        deep = make_comment(parent=reply)
        for comment in (start, reply):
            long_ago(moderation.delete_comment(comment))
        run()
        assert Comment.objects.count() == 3

        long_ago(moderation.delete_comment(deep))
        run()

        assert not Comment.objects.exists()

    @pytest.mark.parametrize("take_away", TAKEN_AWAY)
    def test_words_are_kept_until_then(
        self, take_away: Callable[[Comment], Comment]
    ) -> None:
        comment = make_comment(body="Kept")
        long_ago(take_away(comment), days=29)

        run()

        assert stored(comment).body == "Kept"

    def test_what_is_seen_or_waits_stays(self) -> None:
        visible, waiting = make_comment(body="Seen"), make_comment(body="Waits")
        waiting.state, waiting.waits_for = Comment.State.PENDING, "reports"
        waiting.save(update_fields=["state", "waits_for"])
        for comment in (visible, waiting):
            long_ago(comment, days=400)

        run()

        assert {stored(visible).body, stored(waiting).body} == {"Seen", "Waits"}

    def test_state_that_never_changed_counts_from_the_beginning(self) -> None:
        comment = make_comment()
        comment.state = Comment.State.SPAM
        comment.created_at = timezone.now() - timedelta(days=31)
        comment.save(update_fields=["state", "created_at"])

        run()

        assert not Comment.objects.exists()

    def test_reactions_do_not_keep_it(self) -> None:
        comment = make_comment()
        kind = make_kinds()["love"]
        Reaction.objects.create(kind=kind, user=make_user(), comment=comment)
        long_ago(moderation.delete_comment(comment))

        run()

        assert not Comment.objects.exists()
        assert not Reaction.objects.exists()

    def test_own_page_and_me_hold_nothing_of_it(self) -> None:
        comment = make_comment(make_post(slug="talk"))
        make_comment(parent=comment)
        writer = comment.author
        assert writer
        long_ago(moderation.delete_comment(comment))

        run()

        member = signed_in(writer)
        assert member.get("/me/?post=talk").json()["comments"] == {}
        assert comment.public_id not in member.get("/me/").content.decode()

    def test_batches_go_on_until_all_is_done(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        post = make_post()
        for _ in range(5):
            long_ago(moderation.delete_comment(make_comment(post)))

        assert [retention.forget_words(limit=2) for _ in range(4)] == [2, 2, 1, 0]
        assert [retention.drop_places(limit=3) for _ in range(3)] == [3, 2, 0]

    def test_again_has_nothing_to_do(self) -> None:
        comment = make_comment()
        make_comment(parent=comment)
        long_ago(moderation.delete_comment(comment))
        run()
        before = everything_stored()

        run()

        assert everything_stored() == before

    def test_is_found_on_its_index(self) -> None:
        with CaptureQueriesContext(connection) as asked:
            retention.forget_words()
        find = next(q["sql"] for q in asked.captured_queries if "ORDER BY" in q["sql"])

        with connection.cursor() as cursor:
            # So few rows are read as they stand, if that is allowed.
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {find}")
            plan = "\n".join(row for (row,) in cursor.fetchall())

        assert "comment_whose_words_expire" in plan


@pytest.mark.django_db
class TestGuests:
    def test_name_and_address_go_with_the_last_comment(self) -> None:
        comment = make_guest_comment(guest_name="Passing by")
        make_comment(parent=comment)
        Guest.objects.update(created_at=timezone.now() - timedelta(days=31))
        long_ago(moderation.delete_comment(comment))

        run()

        assert stored(comment).author_name == "somebody"
        assert not Guest.objects.exists()
        assert "Passing by" not in everything_stored()

    def test_who_said_something_else_is_kept(self) -> None:
        comment = make_guest_comment()
        other = make_guest_comment(guest=comment.guest)
        Guest.objects.update(created_at=timezone.now() - timedelta(days=31))
        long_ago(moderation.delete_comment(comment))

        run()

        assert stored(other).guest == comment.guest

    def test_who_is_about_to_write_is_kept(self) -> None:
        comment = make_guest_comment()
        Comment.objects.all().delete()

        run()

        assert Guest.objects.get() == comment.guest


@pytest.mark.django_db
class TestRestoring:
    def test_removed_comes_back_within_30_days(self) -> None:
        comment = long_ago(moderation.remove_comment(make_comment()), days=29)

        assert moderation.restore_comment(comment).is_visible

    @pytest.mark.parametrize("has_run", [False, True])
    def test_later_it_is_told_that_the_words_are_gone(self, has_run: bool) -> None:
        comment = make_comment()
        make_comment(parent=comment)
        long_ago(moderation.remove_comment(comment))
        if has_run:
            run()

        with pytest.raises(retention.WordsGone):
            moderation.restore_comment(comment)

        assert stored(comment).state == Comment.State.REMOVED

    def test_moderator_reads_that_they_are_gone(self, moderator_client: Member) -> None:
        comment = make_comment()
        make_comment(parent=comment)
        long_ago(moderation.remove_comment(comment))
        run()
        data = {"action": "restore_to_page", "_selected_action": str(comment.pk)}

        response = moderator_client.post("/admin/comments/comment/", data, follow=True)
        options = moderator_client.get(f"/comments/{comment.public_id}/options/")

        assert "words are gone" in response.content.decode()
        assert "words are gone" in options.content.decode()

    def test_database_shows_no_empty_comment(self) -> None:
        comment = make_comment()

        with pytest.raises(IntegrityError, match="comment_that_is_seen_has_words"):
            Comment.objects.filter(pk=comment.pk).update(body="")


@pytest.mark.django_db
def test_renderer_leaves_empty_places_empty() -> None:
    comment = make_comment()
    make_comment(parent=comment)
    long_ago(moderation.delete_comment(comment))
    run()
    Comment.objects.filter(pk=comment.pk).update(renderer_version=0)

    tasks.rerender_comments.func()

    place = stored(comment)
    assert (place.body_html, place.renderer_version) == ("", RENDERER_VERSION)


@pytest.mark.django_db(transaction=True)
class TestAtTheSameTime:
    def test_many_workers_forget_what_one_would(self) -> None:
        post = make_post()
        answered = [make_comment(post) for _ in range(4)]
        for comment in answered:
            make_comment(parent=comment)
        for comment in [*answered, *(make_comment(post) for _ in range(8))]:
            long_ago(moderation.delete_comment(comment))

        failures = together([partial(retention.forget_words, 3)] * 4 + [run] * 4)
        run()

        assert failures == []
        assert Comment.objects.filter(body="").count() == 4
        assert Comment.objects.visible().count() == 4

    def test_what_somebody_is_at_is_left_for_later(self) -> None:
        comment = long_ago(moderation.remove_comment(make_comment()))

        with transaction.atomic():
            services.locked(comment)
            failures = together([run])
            assert stored(comment).body

        assert failures == []
        run()
        assert not Comment.objects.exists()

    def test_worker_killed_on_the_way_leaves_all_or_nothing(self) -> None:
        comment = make_comment(body="Whole")
        services.edit_comment(comment, body="Whole again")
        long_ago(moderation.delete_comment(comment))
        worker = Thread(target=lambda: failures.extend(together([run])))
        failures: list[BaseException] = []

        with transaction.atomic():
            list(comment.revisions.select_for_update())
            worker.start()
            kill_who_waits()
            worker.join(timeout=20)

        assert [type(failure) for failure in failures] == [OperationalError]
        assert stored(comment).body == "Whole again"
        assert comment.revisions.count() == 1
        run()
        assert not Comment.objects.exists()


def kill_who_waits() -> None:
    """End the session that waits for a lock, as soon as there is one."""
    until_somebody_waits(then="count(pg_terminate_backend(pid))")
