from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries as NumQueries

from blog import services as blog_services
from blog.models import Post
from comments import moderation, services
from comments.history import CHANGES_ON_PAGE
from comments.models import Comment, CommentRevision
from core.models import SiteSettings
from tests.factories import make_comment, make_guest_comment, make_post

pytestmark = pytest.mark.django_db


def make_old(post: Post | None = None, body: str = "Words") -> Comment:
    """Written longer ago than the time for second thoughts lasts."""
    return age(make_comment(post, body=body))


def age(comment: Comment, minutes: int = 31) -> Comment:
    comment.created_at = timezone.now() - timedelta(minutes=minutes)
    comment.save(update_fields=["created_at"])
    return comment


def history_of(client: Client, comment: Comment) -> str:
    response = client.get(f"/comments/{comment.public_id}/history/")
    assert response.status_code == 200
    return response.content.decode()


def public_bodies(comment: Comment) -> list[str]:
    public = comment.revisions.filter(is_public=True)
    return list(public.order_by("pk").values_list("body", flat=True))


class TestSecondThoughts:
    def test_edit_within_the_time_leaves_no_trace(self, client: Client) -> None:
        comment = make_comment(make_post(slug="talk"), body="Frist")
        age(comment, minutes=29)

        services.edit_comment(comment, body="First")

        comment.refresh_from_db()
        assert comment.edited_at is None
        assert CommentRevision.objects.get().is_public is False
        assert "comment__edited" not in client.get("/posts/talk/").content.decode()
        assert client.get(f"/comments/{comment.public_id}/history/").status_code == 404

    def test_later_edit_is_public_and_marked(self, client: Client) -> None:
        comment = make_old(make_post(slug="talk"), body="Frist")

        edited = services.edit_comment(comment, body="First")

        assert edited.edited_at == CommentRevision.objects.get().replaced_at
        assert public_bodies(comment) == ["Frist"]
        article = client.get("/posts/talk/").content.decode()
        assert f'href="/comments/{comment.public_id}/history/"' in article

    def test_history_begins_with_what_readers_could_know(self, client: Client) -> None:
        comment = make_comment(body="one")
        services.edit_comment(comment, body="two")

        services.edit_comment(age(comment), body="three")

        page = history_of(client, comment)
        assert public_bodies(comment) == ["two"]
        assert "<mark>two</mark>" in page
        assert "<mark>three</mark>" in page
        assert "one" not in page.partition('class="history__changes"')[2]

    def test_none_given_makes_every_edit_public(self) -> None:
        SiteSettings.objects.create(pk=1, edit_minutes=0)
        comment = make_comment(body="Frist")

        services.edit_comment(comment, body="First")

        assert public_bodies(comment) == ["Frist"]

    def test_more_given_later_hides_nothing_that_was_seen(self) -> None:
        comment = make_old(body="one")
        services.edit_comment(comment, body="two")
        SiteSettings.objects.create(pk=1, edit_minutes=600)

        services.edit_comment(comment, body="three")

        assert public_bodies(comment) == ["one", "two"]

    def test_same_words_are_no_change(self) -> None:
        comment = make_old(body="Same")

        services.edit_comment(comment, body="Same")

        assert not comment.revisions.exists()


class TestCommentHistory:
    def test_tells_who_when_and_what(self, client: Client) -> None:
        comment = make_old(body="A plain word\n\nThe end")
        services.edit_comment(comment, body="A better word\n\nThe end")

        page = history_of(client, comment)

        edited_at = Comment.objects.get().edited_at
        assert edited_at
        assert comment.author_name in page
        assert f'datetime="{edited_at:%Y-%m-%dT%H:%M}' in page
        assert "A <mark>plain</mark> word" in page
        assert "A <mark>better</mark> word" in page
        assert f'href="/comments/{comment.public_id}/"' in page

    def test_shows_each_change_against_what_followed(self, client: Client) -> None:
        comment = make_old(body="one")
        for body in ("two", "three"):
            services.edit_comment(comment, body=body)

        page = history_of(client, comment)

        places = [page.index(f"<mark>{word}</mark>") for word in ("three", "one")]
        assert places == sorted(places)
        assert page.count("<mark>two</mark>") == 2

    def test_words_are_shown_as_typed_and_do_nothing(self, client: Client) -> None:
        comment = make_old(body="<script>alert(1)</script> *x*")
        services.edit_comment(comment, body="Sorry")

        page = history_of(client, comment)

        assert "<script>alert" not in page
        assert "&lt;" in page

    def test_names_a_guest(self, client: Client) -> None:
        comment = age(make_guest_comment(guest_name="Passing by"))
        services.edit_comment(comment, body="Other words")

        page = history_of(client, comment)

        assert "Passing by" in page
        assert "@" not in page.partition("<main")[2].partition("</header>")[0]
        assert comment.guest
        assert comment.guest.email not in page

    def test_has_pages(
        self, client: Client, django_assert_num_queries: NumQueries
    ) -> None:
        comment = make_old(body="x")
        for n in range(CHANGES_ON_PAGE + 1):
            services.edit_comment(comment, body=f"words {n}")
        url = f"/comments/{comment.public_id}/history/"

        with django_assert_num_queries(3):
            first = client.get(url).content.decode()
        second = client.get(f"{url}?page=2").content.decode()

        assert first.count("diff__lines") == CHANGES_ON_PAGE
        assert second.count("diff__lines") == 1
        assert f'href="{url}?page=2"' in first
        assert f'href="{url}"' in second

    def test_is_not_for_search_engines(self, client: Client) -> None:
        comment = make_old()
        services.edit_comment(comment, body="Other words")

        assert '<meta name="robots" content="noindex">' in history_of(client, comment)

    @pytest.mark.parametrize("query", ["?page=2", "?page=0", "?page=x"])
    def test_page_that_is_not_there(self, client: Client, query: str) -> None:
        comment = make_old()
        services.edit_comment(comment, body="Other words")

        response = client.get(f"/comments/{comment.public_id}/history/{query}")

        assert response.status_code == 404

    @pytest.mark.parametrize(
        "take_away", [moderation.delete_comment, moderation.remove_comment]
    )
    def test_goes_with_its_comment(
        self, client: Client, take_away: Callable[[Comment], Comment]
    ) -> None:
        comment = make_old()
        services.edit_comment(comment, body="Other words")

        take_away(comment)

        url = f"/comments/{comment.public_id}/history/"
        assert client.get(url).status_code == 404

    @pytest.mark.parametrize(
        "take_away", [blog_services.delete_post, blog_services.unpublish_post]
    )
    def test_goes_with_its_article(
        self, client: Client, take_away: Callable[[Post], Post]
    ) -> None:
        comment = make_old()
        services.edit_comment(comment, body="Other words")

        take_away(Post.objects.get())

        url = f"/comments/{comment.public_id}/history/"
        assert client.get(url).status_code == 404

    def test_comment_that_never_was(self, client: Client) -> None:
        assert client.get("/comments/aaaaaaaaaa/history/").status_code == 404

    def test_posting_is_refused(self, client: Client) -> None:
        comment = make_old()

        response = client.post(f"/comments/{comment.public_id}/history/")

        assert response.status_code == 405
