from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, transaction

from blog import services, tasks
from blog.models import Post
from core import markup, rerendering
from core.markup import RENDERER_VERSION, MarkupRefused
from tests.concurrency import together
from tests.factories import make_post

if TYPE_CHECKING:
    from collections.abc import Sequence

OLD = "<p>made long ago</p>"


def make_stale(version: int = 0, **overrides: Any) -> Post:
    post = make_post(**overrides)
    Post.objects.filter(pk=post.pk).update(
        body_html=OLD, toc=[], word_count=0, excerpt="", renderer_version=version
    )
    return post


def state(post: Post) -> dict[str, Any]:
    return {**Post.objects.filter(pk=post.pk).values().get()}


@pytest.mark.django_db
class TestRerenderPost:
    def test_changes_what_is_rendered_and_nothing_else(self) -> None:
        post = make_stale(body="## Why\n\nBecause.", tags=["django"])
        before, revisions = state(post), post.revisions.count()

        assert services.rerender_post(post.pk)

        after = state(post)
        assert {key for key in after if after[key] != before[key]} == {
            *services.RENDERED
        }
        assert after["renderer_version"] == RENDERER_VERSION
        assert after["excerpt"] == "Because."
        assert post.revisions.count() == revisions

    def test_leaves_what_is_fresh_or_gone(self) -> None:
        post = make_stale(version=RENDERER_VERSION)

        assert not services.rerender_post(post.pk)
        assert not services.rerender_post(post.pk + 1)
        assert state(post)["body_html"] == OLD

    def test_leaves_what_a_newer_renderer_made(self) -> None:
        post = make_stale(version=RENDERER_VERSION + 1)

        assert not services.rerender_post(post.pk)

    def test_drafts_and_deleted_posts_are_rendered_too(self) -> None:
        draft, deleted = make_stale(published_at=None), make_stale()
        services.delete_post(Post.objects.get(pk=deleted.pk))

        assert services.rerender_post(draft.pk)
        assert services.rerender_post(deleted.pk)

    def test_refused_text_keeps_its_html(self) -> None:
        post = make_stale()
        Post.objects.update(body=">" * 200 + "deep")

        with pytest.raises(MarkupRefused):
            services.rerender_post(post.pk)

        assert state(post)["body_html"] == OLD
        assert state(post)["renderer_version"] == 0


@pytest.mark.django_db
class TestRerenderPosts:
    def test_refreshes_all_that_are_stale(self) -> None:
        posts = [make_stale(version=n % 2) for n in range(5)]

        tasks.rerender_posts.func()

        assert not rerendering.stale(Post.objects.all()).exists()
        assert all(state(post)["body_html"] != OLD for post in posts)

    def test_stops_in_time_and_goes_on_where_it_was(
        self, empty_queue: None, run_tasks: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(tasks, "SECONDS", -1)
        posts = [make_stale() for _ in range(3)]
        Post.objects.filter(pk=posts[0].pk).update(body=">" * 200 + "deep")

        tasks.rerender_posts.func()
        once = rerendering.stale(Post.objects.all()).count()
        run_tasks()

        assert once == 3
        assert [state(post)["renderer_version"] for post in posts] == [
            0,
            RENDERER_VERSION,
            RENDERER_VERSION,
        ]

    def test_search_for_what_is_stale_uses_the_index(self) -> None:
        make_post()
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")

        plan = rerendering.stale(Post.objects.all()).explain()

        assert "post_oldest_html" in plan


@pytest.mark.django_db(transaction=True)
class TestBesideWriters:
    def test_post_that_is_being_saved_is_passed_by(self) -> None:
        post = make_stale()
        has_saved, may_commit = threading.Event(), threading.Event()

        def save() -> None:
            with transaction.atomic():
                mine = Post.objects.get(pk=post.pk)
                mine.body = "*newer* words"
                services.save_post(mine, editor=None)
                has_saved.set()
                may_commit.wait(10)
            connection.close()

        thread = threading.Thread(target=save)
        thread.start()
        has_saved.wait(10)

        was_rendered = services.rerender_post(post.pk)
        seen_meanwhile = state(post)["body_html"]
        may_commit.set()
        thread.join()

        assert not was_rendered
        assert seen_meanwhile == OLD
        assert state(post)["body_html"] == "<p><em>newer</em> words</p>\n"

    def test_words_saved_at_the_same_moment_win(self) -> None:
        posts = [make_stale() for _ in range(12)]

        def save_all(posts: Sequence[Post]) -> None:
            for post in posts:
                mine = Post.objects.get(pk=post.pk)
                mine.body = f"words {post.pk}"
                services.save_post(mine, editor=None)

        failures = together(
            [
                lambda: save_all(posts),
                lambda: save_all(posts[::-1]),
                lambda: list(
                    rerendering.rerender(Post.objects.all(), services.rerender_post)
                ),
                tasks.rerender_posts.func,
            ]
        )

        assert failures == []
        for post in Post.objects.all():
            assert post.body == f"words {post.pk}"
            assert post.body_html == markup.render(post.body, markup.Profile.POST).html
            assert post.renderer_version == RENDERER_VERSION
