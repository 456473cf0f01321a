from __future__ import annotations

import os
import signal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from blog.models import Post
from comments import moderation, services, tasks
from comments.management.commands import rerender
from comments.models import Comment
from core import rerendering
from core.markup import RENDERER_VERSION, MarkupRefused
from core.rerendering import Position
from tests.concurrency import together
from tests.factories import make_comment, make_post

OLD = "<p>made long ago</p>"
UNSEEN = "[x]: http://example.org"


def make_stale(version: int = 0, **overrides: Any) -> Comment:
    comment = make_comment(**overrides)
    Comment.objects.filter(pk=comment.pk).update(
        body_html=OLD, renderer_version=version
    )
    comment.refresh_from_db()
    return comment


def state(comment: Comment) -> dict[str, Any]:
    return {**Comment.objects.filter(pk=comment.pk).values().get()}


def run(*args: Any, **options: Any) -> str:
    err = StringIO()
    call_command("rerender", *args, stderr=err, **options)
    return err.getvalue()


def versions() -> set[int]:
    return {
        *Post.objects.values_list("renderer_version", flat=True),
        *Comment.objects.values_list("renderer_version", flat=True),
    }


@pytest.mark.django_db
class TestRerenderComment:
    def test_changes_what_is_rendered_and_nothing_else(self) -> None:
        comment = make_stale(body="*Yes*")
        before = state(comment)

        assert services.rerender_comment(comment.pk)

        after = state(comment)
        assert {key for key in after if after[key] != before[key]} == {
            "body_html",
            "renderer_version",
        }
        assert "<em>Yes</em>" in after["body_html"]
        assert not comment.revisions.exists()

    def test_leaves_what_is_fresh_or_gone(self) -> None:
        comment = make_stale(version=RENDERER_VERSION)

        assert not services.rerender_comment(comment.pk)
        assert not services.rerender_comment(comment.pk + 1)

    def test_hidden_comments_are_rendered_too(self) -> None:
        comment = make_stale()
        moderation.remove_comment(comment)

        assert services.rerender_comment(comment.pk)

    def test_refused_text_keeps_its_html(self) -> None:
        comment = make_stale()
        Comment.objects.update(body=UNSEEN)

        with pytest.raises(MarkupRefused):
            services.rerender_comment(comment.pk)

        comment.refresh_from_db()
        assert (comment.body_html, comment.renderer_version) == (OLD, 0)


@pytest.mark.django_db
class TestWalk:
    def test_goes_by_version_then_by_key(self) -> None:
        first, second, third, fourth = [make_stale(version=n) for n in (1, 0, 1, 0)]

        met = list(
            rerendering.rerender(
                Comment.objects.all(), services.rerender_comment, batch=1
            )
        )

        assert [step.position for step in met] == [
            Position(0, second.pk),
            Position(0, fourth.pk),
            Position(1, first.pk),
            Position(1, third.pk),
        ]

    def test_goes_on_after_a_position(self) -> None:
        first, second, third = [make_stale(version=n) for n in (0, 1, 1)]

        list(
            rerendering.rerender(
                Comment.objects.all(),
                services.rerender_comment,
                after=Position(1, second.pk),
            )
        )

        stale = rerendering.stale(Comment.objects.all())
        assert set(stale) == {first, second}
        assert third not in stale

    def test_task_goes_on_in_another_job(
        self, run_tasks: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(tasks, "SECONDS", -1)
        for _ in range(3):
            make_stale()

        tasks.rerender_comments.func()
        run_tasks()

        assert versions() == {RENDERER_VERSION}


@pytest.mark.django_db
class TestRerender:
    def test_refreshes_posts_and_comments_and_says_so(self) -> None:
        make_stale(), make_stale(version=1)
        Post.objects.update(renderer_version=0, body_html=OLD)

        told = run(batch=1)

        assert versions() == {RENDERER_VERSION}
        assert not Post.objects.filter(body_html=OLD).exists()
        assert told == "2 posts rendered again.\n2 comments rendered again.\n"

    def test_again_has_nothing_to_do(self) -> None:
        make_stale()
        run()

        assert run() == "0 posts rendered again.\n0 comments rendered again.\n"

    def test_all_takes_what_is_fresh_too(self) -> None:
        make_stale(version=RENDERER_VERSION)

        told = run("--all")

        assert not Comment.objects.filter(body_html=OLD).exists()
        assert told == "1 posts rendered again.\n1 comments rendered again.\n"

    def test_tells_how_far_it_is(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(rerender, "SECONDS_BETWEEN_WORDS", -1)
        make_stale(), make_stale()

        assert "1 of 2 comments …\n2 of 2 comments …\n" in run()

    def test_refusals_are_told_one_by_one(self) -> None:
        comment, other = make_stale(), make_stale()
        Comment.objects.filter(pk=comment.pk).update(body=UNSEEN)
        err = StringIO()

        with pytest.raises(CommandError, match="1 refused"):
            call_command("rerender", stderr=err)

        comment.refresh_from_db()
        other.refresh_from_db()
        assert f"The comment {comment} stays as it was: Nothing of this" in (
            err.getvalue()
        )
        assert (comment.body_html, comment.renderer_version) == (OLD, 0)
        assert other.renderer_version == RENDERER_VERSION

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_signal_ends_it_with_a_sentence(
        self, number: signal.Signals, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first, second = make_stale(), make_stale()
        render_one = services.rerender_comment

        def interrupted(pk: int) -> bool:
            if pk == second.pk:
                os.kill(os.getpid(), number)
            return render_one(pk)

        monkeypatch.setattr(services, "rerender_comment", interrupted)
        handler = signal.getsignal(signal.SIGTERM)
        err = StringIO()

        with pytest.raises(KeyboardInterrupt):
            call_command("rerender", stderr=err)

        first.refresh_from_db()
        second.refresh_from_db()
        assert "Stopped. What is left is done by the next run." in err.getvalue()
        assert first.renderer_version == RENDERER_VERSION
        assert second.renderer_version == 0
        assert signal.getsignal(signal.SIGTERM) == handler

    def test_empty_batch_is_refused(self) -> None:
        with pytest.raises(CommandError, match="at least one"):
            run(batch=0)


@pytest.mark.django_db(transaction=True)
def test_words_edited_at_the_same_moment_win() -> None:
    post = make_post()
    comments = [make_stale(post=post) for _ in range(12)]

    def edit_all() -> None:
        for comment in comments:
            services.edit_comment(comment, body=f"words {comment.pk}")

    failures = together(
        [
            edit_all,
            tasks.rerender_comments.func,
            tasks.rerender_comments.func,
        ]
    )

    assert failures == []
    for comment in Comment.objects.all():
        assert comment.body_html == f"<p>words {comment.pk}</p>\n"
        assert comment.renderer_version == RENDERER_VERSION


@pytest.mark.django_db
def test_text_that_breaks_the_renderer_keeps_no_other_old(
    caplog: pytest.LogCaptureFixture,
) -> None:
    first, second = make_stale(), make_stale()

    def rerender_one(pk: int) -> bool:
        if pk == first.pk:
            raise ZeroDivisionError
        return services.rerender_comment(pk)

    met = list(rerendering.rerender(Comment.objects.all(), rerender_one))

    assert [bool(one.refusal) for one in met] == [True, False]
    assert "failed" in caplog.text
    assert state(second)["renderer_version"] == RENDERER_VERSION
