"""An author writes, gives an address and a cover, and meets newer words."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from blog import services
from blog.models import Image, Post, PostSlug, Revision, Tag
from tests import factories
from tests.blog.desk import ADD, address, make_post, typed, user_of
from tests.conftest import Member
from tests.pictures import drawing, file_of

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import DjangoAssertNumQueries


pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


class TestWriting:
    def test_form_says_where_one_is(self, author_client: Member) -> None:
        post = make_post(user_of(author_client), title="On rows")

        new = author_client.get(ADD).content.decode()
        known = author_client.get(address(post)).content.decode()

        assert '<li aria-current="page">New</li>' in new
        assert '<li aria-current="page">On rows</li>' in known

    def test_an_author_writes_a_draft(self, author_client: Member) -> None:
        response = author_client.post(
            ADD, typed(title="Hello", tags="python, New thing", _save="")
        )

        post = Post.objects.get()
        assert response.status_code == 302
        assert response["Location"] == address(post)
        assert post.state == Post.State.DRAFT
        assert post.slug == "hello"
        assert "<em>words</em>" in post.body_html
        assert [str(tag) for tag in post.tags.all()] == ["New thing", "python"]
        assert [byline.user for byline in post.bylines.all()] == [
            user_of(author_client)
        ]

    def test_publish_now(self, author_client: Member) -> None:
        author_client.post(ADD, typed(_publish=""))

        assert Post.objects.get().is_published

    def test_form_costs_few_queries(
        self,
        author_client: Member,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        post = services.publish_post(make_post(user_of(author_client)))

        with django_assert_max_num_queries(13):
            author_client.get(address(post))

    def test_the_way_to_the_page_shows_what_was_just_saved(
        self, author_client: Member
    ) -> None:
        draft = author_client.post(ADD, typed(), follow=True).text
        post = Post.objects.get()

        public = author_client.post(
            address(post), typed(post, _publish=""), follow=True
        ).text

        assert "View on site" not in draft
        assert re.search(r'href="/posts/[\w-]+/\?after=\d+">View on site<', public)

    def test_publish_at_a_time(self, author_client: Member) -> None:
        response = author_client.post(
            ADD, typed(published_at="2100-01-02T03:04", _schedule=""), follow=True
        )

        post = Post.objects.get()
        assert post.state == Post.State.SCHEDULED
        assert f"{post.published_at:%Y-%m-%d %H:%M}" == "2100-01-02 03:04"
        assert b"2100-01-02, 03:04 UTC" in response.content

    def test_a_time_is_needed_to_schedule(self, author_client: Member) -> None:
        response = author_client.post(ADD, typed(_schedule=""))

        assert response.status_code == 422
        assert not Post.objects.exists()

    def test_back_to_draft(self, author_client: Member) -> None:
        post = services.publish_post(make_post(user_of(author_client)))

        author_client.post(address(post), typed(post, _unpublish=""))

        post.refresh_from_db()
        assert post.state == Post.State.DRAFT

    def test_saving_keeps_what_is_public_public(self, author_client: Member) -> None:
        post = services.publish_post(make_post(user_of(author_client)))
        before = post.published_at

        author_client.post(address(post), typed(post, body="Other", _save=""))

        post.refresh_from_db()
        assert (post.published_at, post.body) == (before, "Other")

    def test_nothing_is_not_published(self, author_client: Member) -> None:
        response = author_client.post(ADD, typed(body="  ", _publish=""))

        assert response.status_code == 422
        assert b"nothing to publish" in response.content

    def test_a_refused_form_keeps_every_word(self, author_client: Member) -> None:
        response = author_client.post(
            ADD, typed(title="", body="Precious", tags="a, b", summary="Short")
        )

        assert response.status_code == 422
        for word in (b"Precious", b"a, b", b"Short"):
            assert word in response.content

    def test_a_text_too_hard_to_render_is_refused(self, author_client: Member) -> None:
        response = author_client.post(ADD, typed(body="> " * 3000 + "deep"))

        assert response.status_code == 422
        assert not Post.objects.exists()
        assert not PostSlug.objects.exists()

    @pytest.mark.parametrize("body", ["x" * 300_001, "nul \0 nul"])
    def test_impossible_texts_are_refused(
        self, author_client: Member, body: str
    ) -> None:
        assert author_client.post(ADD, typed(body=body)).status_code == 422

    @pytest.mark.parametrize("title", ["\u200b", "\u200d\ufeff", "\u202e", "\u3164"])
    def test_a_title_that_nobody_sees_is_refused(
        self, author_client: Member, title: str
    ) -> None:
        response = author_client.post(ADD, typed(title=title, body="Precious"))

        assert response.status_code == 422
        assert "something that can be seen" in response.text
        assert "Precious" in response.text

    def test_a_title_does_not_turn_the_page(self, author_client: Member) -> None:
        author_client.post(ADD, typed(title="\u202eTurned\u202c \u2067round\u2069"))

        assert Post.objects.get().title == "Turned round"

    @pytest.mark.parametrize("language", ["", "e", "en_US", "en us", "-en", "en-"])
    def test_what_is_no_language_is_refused(
        self, author_client: Member, language: str
    ) -> None:
        response = author_client.post(ADD, typed(language=language))

        assert response.status_code == 422
        assert list(response.context["form"].errors) == ["language"]

    @pytest.mark.parametrize("language", ["en", "pt-BR", "zh-Hant-HK", "de-CH-1996"])
    def test_languages(self, author_client: Member, language: str) -> None:
        author_client.post(ADD, typed(language=language))

        assert Post.objects.get().language == language

    @pytest.mark.parametrize(
        "tags", ["💖", "x" * 51, ",".join("abcdefghijklmnopqrstuv")]
    )
    def test_impossible_tags_are_refused(
        self, author_client: Member, tags: str
    ) -> None:
        response = author_client.post(ADD, typed(tags=tags))

        assert response.status_code == 422
        assert not Tag.objects.exists()

    def test_fields_that_are_not_there_change_nothing(
        self, author_client: Member
    ) -> None:
        other = factories.make_author()
        long_ago = timezone.now() - timedelta(days=900)
        forged = {
            "id": "77",
            "pk": "77",
            "authors": f"@{other.handle}",
            "author": other.pk,
            "featured": "on",
            "featured_at": long_ago,
            "created_at": long_ago,
            "deleted_at": long_ago,
            "body_html": "<script>",
            "version": "50",
            "word_count": "50",
            "published_at": "2001-01-01T00:00",
        }

        author_client.post(ADD, typed(_save="") | forged)

        post = Post.objects.get()
        assert post.pk != 77
        assert [byline.user for byline in post.bylines.all()] == [
            user_of(author_client)
        ]
        assert post.created_at > long_ago
        assert (post.featured_at, post.published_at, post.deleted_at) == (None,) * 3
        assert (post.version, "<script>" in post.body_html) == (1, False)


class TestAddress:
    def test_a_derived_one_that_is_taken_gets_a_number(
        self, author_client: Member
    ) -> None:
        make_post(user_of(author_client), title="Hello")

        author_client.post(ADD, typed(title="Hello", slug="hello"))

        assert Post.objects.filter(slug="hello-2").exists()

    def test_a_typed_one_that_is_taken_is_refused(self, author_client: Member) -> None:
        make_post(user_of(author_client), title="Hello")

        response = author_client.post(ADD, typed(title="Other", slug="hello"))

        assert response.status_code == 422
        assert b"Another article has, or had, this address." in response.content
        assert Post.objects.count() == 1
        assert b"Other" in response.content

    def test_changing_it_keeps_the_old_one(self, author_client: Member) -> None:
        post = make_post(user_of(author_client), title="Hello")

        author_client.post(address(post), typed(post, slug="A new One"))

        post.refresh_from_db()
        assert post.slug == "a-new-one"
        assert {slug.slug for slug in post.slugs.all()} == {"hello", "a-new-one"}

    def test_one_without_letters_is_refused(self, author_client: Member) -> None:
        assert author_client.post(ADD, typed(slug="!?")).status_code == 422


class TestCover:
    def upload(self, data: bytes = b"") -> SimpleUploadedFile:
        return SimpleUploadedFile("c.png", data or file_of(drawing(500, 300)))

    def test_is_kept_with_its_description(self, author_client: Member) -> None:
        author_client.post(ADD, typed(cover=self.upload(), cover_alt="Teal"))

        post = Post.objects.get()
        assert post.cover
        assert (post.cover.width, post.cover_alt) == (500, "Teal")

    def test_needs_a_description_and_waits_for_it(self, author_client: Member) -> None:
        response = author_client.post(ADD, typed(cover=self.upload()))

        image = Image.objects.get()
        assert response.status_code == 422
        assert b"Say what the cover shows" in response.content
        again = author_client.post(
            ADD, typed(cover_digest=image.digest, cover_alt="Teal")
        )
        assert again.status_code == 302
        assert Post.objects.get().cover == image

    def test_stays_when_other_things_are_saved(self, author_client: Member) -> None:
        author_client.post(ADD, typed(cover=self.upload(), cover_alt="Teal"))
        post = Post.objects.get()
        page = author_client.get(address(post)).content.decode()
        assert post.cover
        assert f'name="cover_digest" value="{post.cover.digest}"' in page

        changes = {"cover_digest": post.cover.digest, "cover_alt": "Teal"}
        author_client.post(address(post), typed(post, body="New", **changes))

        assert Post.objects.get().cover

    def test_is_removed(self, author_client: Member) -> None:
        author_client.post(ADD, typed(cover=self.upload(), cover_alt="Teal"))
        post = Post.objects.get()
        assert post.cover

        changes = {"cover_digest": post.cover.digest, "cover_removed": "on"}
        author_client.post(address(post), typed(post, **changes))

        post.refresh_from_db()
        assert post.cover is None

    def test_that_is_no_picture_is_refused_at_the_place(
        self, author_client: Member
    ) -> None:
        response = author_client.post(ADD, typed(cover=self.upload(b"<svg/>")))

        assert response.status_code == 422
        assert b"not a picture that can be used" in response.content
        assert not Image.objects.exists()


class TestConflict:
    def test_newer_words_are_not_overwritten(self, author_client: Member) -> None:
        author = user_of(author_client)
        post = make_post(author, body="First.")
        mine = typed(post, body="My words.")
        post.body = "Their words."
        services.save_post(post, editor=author)

        response = author_client.post(address(post), mine)

        page = response.content.decode()
        assert response.status_code == 409
        assert "My words." in page
        assert "Their words." in page
        assert Post.objects.get().body == "Their words."

    def test_are_overwritten_knowingly(self, author_client: Member) -> None:
        author = user_of(author_client)
        post = make_post(author, body="First.")
        mine = typed(post, body="My words.")
        post.body = "Their words."
        services.save_post(post, editor=author)

        author_client.post(address(post), mine | {"_overwrite": "2"})

        assert Post.objects.get().body == "My words."
        bodies = Revision.objects.values_list("body", flat=True)
        assert set(bodies) == {"First.", "Their words.", "My words."}

    def test_a_form_without_its_version_is_refused(self, author_client: Member) -> None:
        post = make_post(user_of(author_client))

        response = author_client.post(address(post), typed(post, base_version=""))

        assert response.status_code == 422
