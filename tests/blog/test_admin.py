from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import User
from blog import services
from blog.desk import views as desk
from blog.models import Image, Post, PostSlug, Revision, Tag
from tests import factories
from tests.conftest import Member
from tests.pictures import drawing, file_of

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db

ADD = "/admin/blog/post/add/"
LIST = "/admin/blog/post/"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def user_of(client: Client) -> User:
    user: User = client.user  # type: ignore[attr-defined]
    return user


def make_post(author: User, **words: Any) -> Post:
    fields = {"title": "A title", "body": "Some *words*."} | words
    return services.save_post(Post(**fields), editor=author)


def address(post: Post, rest: str = "change/") -> str:
    return f"/admin/blog/post/{post.pk}/{rest}"


def typed(post: Post | None = None, **changes: Any) -> dict[str, Any]:
    """What a browser sends of the form as it stands."""
    fields: dict[str, Any] = {
        "title": "A title",
        "slug": "",
        "body": "Some *words*.",
        "summary": "",
        "tags": "",
        "cover_digest": "",
        "cover_alt": "",
        "language": "en",
        "canonical_url": "",
        "comment_policy": "site",
        "listed": "on",
        "published_at": "",
        "base_version": "",
    }
    if post:
        fields |= {
            "title": post.title,
            "slug": post.slug,
            "body": post.body,
            "base_version": post.version,
        }
    return fields | changes


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


class TestWhose:
    @pytest.mark.parametrize("rest", ["change/", "history/", "delete/", "history/1/"])
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_others_posts_do_not_exist_for_authors(
        self, author_client: Member, rest: str, method: str
    ) -> None:
        post = make_post(factories.make_author(), title="Secret title")
        ask = getattr(author_client, method)

        response = ask(address(post, rest), typed(post, title="Mine") | {"post": "yes"})

        post.refresh_from_db()
        assert response.status_code == 404
        assert b"Secret title" not in response.content
        assert (post.title, post.version, post.deleted_at) == ("Secret title", 1, None)

    @pytest.mark.parametrize(
        "action", ["publish", "unpublish", "delete_selected", "restore"]
    )
    def test_bulk_actions_do_not_reach_others_posts(
        self, author_client: Member, action: str
    ) -> None:
        post = make_post(factories.make_author())
        make_post(user_of(author_client))

        author_client.post(
            LIST,
            {
                "action": action,
                "_selected_action": [post.pk],
                "confirmed": "yes",
                "post": "yes",
            },
        )

        post.refresh_from_db()
        assert (post.published_at, post.deleted_at) == (None, None)

    def test_authors_see_only_their_own(self, author_client: Member) -> None:
        make_post(user_of(author_client), title="Of mine")
        make_post(factories.make_author(), title="Of theirs")

        page = author_client.get(LIST).content

        assert b"Of mine" in page
        assert b"Of theirs" not in page

    def test_editors_change_all(self, editor_client: Member) -> None:
        post = make_post(factories.make_author())
        handle = str(post.bylines.get().user)

        editor_client.post(
            address(post), typed(post, body="Better", authors=handle, featured="on")
        )

        post.refresh_from_db()
        assert post.body == "Better"
        assert post.featured_at
        assert str(post.bylines.get().user) == handle
        editor = post.revisions.order_by("-version")[0].editor
        assert editor == user_of(editor_client)

    def test_editors_name_authors_in_order(self, editor_client: Member) -> None:
        first, second = factories.make_author(), factories.make_author()

        editor_client.post(ADD, typed(authors=f"@{second.handle}, {first.handle}"))

        post = Post.objects.get()
        assert [byline.user for byline in post.bylines.all()] == [second, first]

    @pytest.mark.parametrize("authors", ["", "@nobody_is_this"])
    def test_authors_have_to_exist(self, editor_client: Member, authors: str) -> None:
        assert editor_client.post(ADD, typed(authors=authors)).status_code == 422

    @pytest.mark.parametrize("url", [ADD, LIST, "/admin/"])
    def test_strangers_are_led_to_the_door(self, client: Client, url: str) -> None:
        response = client.get(url, follow=True)

        assert response.redirect_chain[-1] == (f"/accounts/login/?next={url}", 302)

    def test_what_the_signed_out_typed_comes_back(self, client: Client) -> None:
        post = make_post(factories.make_author())

        for url in (ADD, address(post)):
            response = client.post(url, typed(title="T1", summary="S2", body="B3"))

            assert response.status_code == 403
            assert f"/accounts/login/?next={url.replace('/', '%2F')}" in response.text
            for word in ("T1", "S2", "B3"):
                assert word in response.text
        assert Post.objects.get().version == 1

    def test_signing_out_twice_is_no_refusal(self, client: Client) -> None:
        assert client.post("/admin/logout/").status_code == 302

    def test_a_stale_token_keeps_title_and_summary(self, author_client: Member) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = author_client.cookies

        response = strict.post(ADD, typed(title="T1", summary="S2", body="B3"))

        assert response.status_code == 403
        for word in ("T1", "S2", "B3"):
            assert word in response.text

    def test_who_is_no_author_any_more_keeps_the_words(
        self, author_client: Member
    ) -> None:
        post = make_post(user_of(author_client), title="Ours")
        services.set_authors(post, [factories.make_author()])

        response = author_client.post(address(post), typed(post, body="B3"))

        assert response.status_code == 404
        assert "B3" in response.text

    @pytest.mark.parametrize("url", [ADD, LIST, "/admin/"])
    def test_members_are_not_let_in(self, member_client: Member, url: str) -> None:
        response = member_client.post(url, typed(body="Precious"), follow=True)

        assert response.status_code == 403
        assert "Precious" in response.text
        assert not Post.objects.exists()

    def test_moderators_write_nothing(self, moderator_client: Member) -> None:
        assert moderator_client.post(ADD, typed()).status_code == 403


class TestHistory:
    def test_every_save_is_listed(self, author_client: Member) -> None:
        post = make_post(user_of(author_client))
        author_client.post(address(post), typed(post, body="Second"))

        page = author_client.get(address(post, "history/")).content

        assert b"Version 1" in page
        assert b"Version 2" in page

    def test_shows_what_changed(self, author_client: Member) -> None:
        post = make_post(user_of(author_client), body="One word <b>stays</b>.")
        author_client.post(address(post), typed(post, body="Two word <b>stays</b>."))

        page = author_client.get(address(post, "history/2/")).content.decode()

        assert "<mark>One</mark> word &lt;b&gt;stays" in page
        assert "<mark>Two</mark>" in page

    def test_restores_old_words_as_a_new_save(self, author_client: Member) -> None:
        post = make_post(user_of(author_client), body="Old")
        author_client.post(address(post), typed(post, body="New"))

        author_client.post(address(post, "history/1/"))

        post.refresh_from_db()
        assert (post.body, post.version) == ("Old", 3)
        assert "Old" in post.body_html

    def test_unknown_versions_do_not_exist(self, author_client: Member) -> None:
        post = make_post(user_of(author_client))

        assert author_client.get(address(post, "history/9/")).status_code == 404


class TestPreviewLink:
    def test_is_made_with_a_save_and_revoked(
        self, author_client: Member, client: Client
    ) -> None:
        post = make_post(user_of(author_client))

        author_client.post(address(post), typed(post, _preview_link=""))

        link = post.preview_links.get()
        page = author_client.get(address(post)).content.decode()
        assert link.token in page
        assert client.get(f"/preview/{link.token}/").status_code == 200
        post.refresh_from_db()
        revoked = author_client.post(
            address(post), typed(post, body="Unsaved", _revoke="")
        )
        assert b"Unsaved" in revoked.content
        assert client.get(f"/preview/{link.token}/").status_code == 404

    def test_is_offered_for_drafts_only(self, author_client: Member) -> None:
        post = services.publish_post(make_post(user_of(author_client)))

        page = author_client.get(address(post)).content

        assert b"_preview_link" not in page
        assert f'href="/posts/{post.slug}/"'.encode() in page


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


def test_nobody_reads_waiting_mail_at_the_desk(owner_client: Member) -> None:
    index = owner_client.get("/admin/").text

    assert "procrastinate" not in index.lower()
    path = "/admin/procrastinate/procrastinatejob/"
    assert owner_client.get(path).status_code == 404


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
