"""Posts and tags in lists, and posts that go away."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone

from blog import services
from blog.desk import views as desk
from blog.models import Post
from tests import factories
from tests.blog.desk import LIST, address, make_post, typed, user_of
from tests.conftest import Member

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db


class TestList:
    def test_says_what_each_post_is(self, author_client: Member) -> None:
        author = user_of(author_client)
        services.publish_post(make_post(author, title="Public one"))
        make_post(author, title="Draft one")
        deleted = services.delete_post(make_post(author, title="Deleted one"))

        page = author_client.get(LIST).content.decode()

        assert "state--published" in page
        assert "state--draft" in page
        assert deleted.title not in page
        assert author.name in page

    def test_asks_the_same_whatever_their_number(
        self,
        editor_client: Member,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        author = factories.make_author()
        tags = services.tags_from_names(["a", "b"])
        services.save_post(Post(title="x"), editor=author, tags=tags)
        editor_client.get(LIST)
        with django_assert_num_queries(10) as few:
            editor_client.get(LIST)

        for number in range(15):
            services.save_post(Post(title=str(number)), editor=author, tags=tags)

        with django_assert_num_queries(len(few.captured_queries)):
            editor_client.get(LIST)

    @pytest.mark.parametrize(
        ("state", "title"),
        [
            ("draft", "Draft one"),
            ("scheduled", "Scheduled one"),
            ("published", "Public one"),
            ("deleted", "Deleted one"),
        ],
    )
    def test_filters_by_state(
        self, author_client: Member, state: str, title: str
    ) -> None:
        author = user_of(author_client)
        services.publish_post(make_post(author, title="Public one"))
        soon = timezone.now() + timedelta(days=1)
        services.publish_post(make_post(author, title="Scheduled one"), at=soon)
        make_post(author, title="Draft one")
        services.delete_post(make_post(author, title="Deleted one"))

        response = author_client.get(LIST, {"state": state})

        found = response.context["cl"].result_list
        assert [post.title for post in found] == [title]

    def test_finds_and_filters(self, editor_client: Member) -> None:
        author = factories.make_author()
        tags = services.tags_from_names(["Rust", "Rusty"])
        services.save_post(Post(title="Needle"), editor=author, tags=tags)
        services.save_post(Post(title="Hay"), editor=factories.make_author())

        for query in (
            {"q": "needle"},
            {"q": "rust"},
            {"tags__id__exact": tags[0].pk},
            {"author": author.handle},
        ):
            response = editor_client.get(LIST, query)
            found = response.context["cl"].result_list
            assert [post.title for post in found] == ["Needle"]

    @pytest.mark.parametrize(
        "query", ["state=nonsense", "q=%00", "p=99", "tags__id__exact=x"]
    )
    def test_survives_odd_questions(self, author_client: Member, query: str) -> None:
        make_post(user_of(author_client))

        assert author_client.get(f"{LIST}?{query}", follow=True).status_code in {
            200,
            400,
        }

    @pytest.mark.parametrize("action", ["publish", "unpublish"])
    def test_asks_before_it_acts(self, author_client: Member, action: str) -> None:
        post = make_post(user_of(author_client))
        if action == "unpublish":
            services.publish_post(post)
        was_published = post.is_published
        data = {"action": action, "_selected_action": [post.pk]}

        asked = author_client.post(LIST, data)
        post.refresh_from_db()
        assert b"confirmed" in asked.content
        assert post.is_published == was_published

        author_client.post(LIST, data | {"confirmed": "yes"})
        post.refresh_from_db()
        assert post.is_published != was_published

    def test_deletes_softly(self, author_client: Member) -> None:
        post = make_post(user_of(author_client))
        data = {"action": "delete_selected", "_selected_action": [post.pk]}

        asked = author_client.post(LIST, data)
        assert b"restored for 30 days" in asked.content
        author_client.post(LIST, data | {"post": "yes"})

        post.refresh_from_db()
        assert post.deleted_at


class TestDeletion:
    def test_hides_and_restores(self, author_client: Member, client: Client) -> None:
        post = services.publish_post(make_post(user_of(author_client)))

        assert author_client.get(address(post, "delete/")).status_code == 200
        author_client.post(address(post, "delete/"), {"post": "yes"})

        assert client.get(f"/posts/{post.slug}/").status_code == 410
        assert b"Restore" in author_client.get(address(post)).content
        author_client.post(address(post), {"_restore": ""})
        assert client.get(f"/posts/{post.slug}/").status_code == 200

    def test_is_for_good_after_30_days(self, author_client: Member) -> None:
        post = make_post(user_of(author_client))
        post.deleted_at = timezone.now() - timedelta(days=31)
        post.save()

        author_client.post(address(post), {"_restore": ""})

        assert not Post.objects.existing().exists()
        assert b"over" in author_client.get(address(post)).content

    def test_a_deleted_post_is_not_written_to(self, author_client: Member) -> None:
        post = services.delete_post(make_post(user_of(author_client)))

        response = author_client.post(
            address(post), typed(post, title="T1", summary="S2", body="B3")
        )

        post.refresh_from_db()
        assert response.status_code == 409
        for word in ("T1", "S2", "B3", "Restore"):
            assert word in response.text
        assert post.body == "Some *words*."

    def test_a_post_deleted_at_the_same_moment_is_not_written_to(
        self, author_client: Member, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        post = make_post(user_of(author_client))

        def deleted_first(form: Any) -> Post:
            services.delete_post(Post.objects.get(pk=post.pk))
            return save(form)

        save = desk.save
        monkeypatch.setattr(desk, "save", deleted_first)
        response = author_client.post(address(post), typed(post, body="B3"))

        post.refresh_from_db()
        assert response.status_code == 409
        assert "B3" in response.text
        assert (post.body, post.version) == ("Some *words*.", 1)


class TestTagAdmin:
    def test_a_renamed_tag_keeps_its_old_address(
        self, editor_client: Member, client: Client
    ) -> None:
        [tag] = services.tags_from_names(["Phyton"])
        post = services.save_post(
            Post(title="x", body="y"), editor=user_of(editor_client), tags=[tag]
        )
        services.publish_post(post)

        editor_client.post(
            f"/admin/blog/tag/{tag.pk}/change/",
            {"name": "Python", "slug": "", "description": ""},
        )

        tag.refresh_from_db()
        assert (tag.name, tag.slug) == ("Python", "python")
        moved = client.get("/tags/phyton/")
        assert (moved.status_code, moved["Location"]) == (301, "/tags/python/")

    def test_a_taken_address_is_refused(self, editor_client: Member) -> None:
        first, second = services.tags_from_names(["One", "Two"])

        response = editor_client.post(
            f"/admin/blog/tag/{second.pk}/change/",
            {"name": "Two", "slug": "one", "description": ""},
        )

        assert b"Another tag has, or had, this address." in response.content
        second.refresh_from_db()
        assert (first.slug, second.slug) == ("one", "two")

    def test_authors_do_not_rename(self, author_client: Member) -> None:
        [tag] = services.tags_from_names(["One"])

        response = author_client.post(
            f"/admin/blog/tag/{tag.pk}/change/", {"name": "Two"}
        )

        assert response.status_code == 403
