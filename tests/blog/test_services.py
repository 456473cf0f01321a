from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from blog import services
from blog.models import BODY_MAX_LENGTH, Post, PostSlug, Revision, Tag, TagSlug
from core.markup import RENDERER_VERSION, MarkupRefused
from tests.factories import make_author, make_post

pytestmark = pytest.mark.django_db


class TestSavePost:
    def test_renders_beside_the_source(self) -> None:
        post = make_post(body="## Why\n\nBecause *words* matter.")

        post.refresh_from_db()

        assert "<em>words</em>" in post.body_html
        assert post.toc[0]["text"] == "Why"
        assert post.word_count == 4
        assert post.renderer_version == RENDERER_VERSION
        assert post.excerpt == "Because words matter."

    def test_gives_new_post_its_author_slug_and_counters(self) -> None:
        author = make_author()

        post = make_post(author=author, title="A fine title")

        assert post.slug == "a-fine-title"
        assert [byline.user for byline in post.bylines.all()] == [author]
        assert post.stats.comment_count == 0

    def test_same_title_twice_gets_a_number(self) -> None:
        slugs = [make_post(title="Twins").slug for _ in range(3)]

        assert slugs == ["twins", "twins-2", "twins-3"]

    def test_title_without_letters_gets_its_number_as_slug(self) -> None:
        post = make_post(title="🎉🎉")

        assert post.slug == f"post-{post.pk}"

    def test_new_title_keeps_the_address(self) -> None:
        post = make_post(title="Before")
        post.title = "After"

        services.save_post(post, editor=None)

        assert post.slug == "before"

    def test_old_slug_stays_taken(self) -> None:
        post = make_post(slug="old")
        services.save_post(post, editor=None, slug="new")

        with pytest.raises(services.SlugTaken):
            make_post(slug="old")

        assert set(post.slugs.values_list("slug", flat=True)) == {"old", "new"}

    def test_post_may_return_to_its_own_old_slug(self) -> None:
        post = make_post(slug="old")
        services.save_post(post, editor=None, slug="new")

        services.save_post(post, editor=None, slug="old")

        assert Post.objects.get().slug == "old"

    def test_every_save_is_a_revision(self) -> None:
        author = make_author()
        post = make_post(author=author, body="one")
        post.body = "two"

        services.save_post(post, editor=author, base_version=1)

        saved = Revision.objects.filter(post=post).order_by("version")
        assert [(r.version, r.body, r.editor) for r in saved] == [
            (1, "one", author),
            (2, "two", author),
        ]

    def test_older_words_do_not_replace_newer_ones(self) -> None:
        post = make_post(body="one")
        mine, theirs = Post.objects.get(), Post.objects.get()
        theirs.body = "theirs"
        services.save_post(theirs, editor=None, base_version=1)
        mine.body = "mine"

        with pytest.raises(services.EditConflict) as conflict:
            services.save_post(mine, editor=None, base_version=1)

        assert conflict.value.current.body == "theirs"
        assert Post.objects.get(pk=post.pk).body == "theirs"

    def test_refused_words_leave_nothing_behind(self) -> None:
        with pytest.raises(MarkupRefused):
            make_post(body="a\x00b")

        assert not Post.objects.exists()
        assert not PostSlug.objects.exists()

    def test_only_new_words_count_as_an_edit(self) -> None:
        long_ago = timezone.now() - timedelta(days=9)
        post = make_post(published_at=long_ago)
        Post.objects.update(updated_at=long_ago)
        post.refresh_from_db()
        post.cover_alt = "nothing to read"

        services.save_post(post, editor=None)
        unedited = post.is_edited
        post.body = "New words."
        services.save_post(post, editor=None)

        assert (unedited, post.is_edited) == (False, True)


@transaction.atomic
def use_slug_out_of_nowhere(post: Post) -> None:
    Post.objects.filter(pk=post.pk).update(slug="out-of-nowhere")
    connection.check_constraints()


class TestDatabaseKeepsTheInvariants:
    def test_own_slug_is_among_all_slugs(self) -> None:
        post = make_post()

        with pytest.raises(IntegrityError, match="post_slug_is_among_all"):
            use_slug_out_of_nowhere(post)

    def test_body_has_a_limit(self) -> None:
        post = make_post()

        with pytest.raises(IntegrityError, match="post_body_is_not_too_long"):
            Post.objects.filter(pk=post.pk).update(body="x" * (BODY_MAX_LENGTH + 1))


class TestPublishing:
    def test_state_follows_the_date(self) -> None:
        post = make_post(published_at=None)
        states = [post.state]

        services.publish_post(post, at=timezone.now() + timedelta(days=1))
        states.append(post.state)
        services.publish_post(post)
        states.append(post.state)
        services.unpublish_post(post)
        states.append(post.state)

        assert states == ["draft", "scheduled", "published", "draft"]

    def test_published_again_keeps_its_date(self) -> None:
        post = make_post()
        before = post.published_at

        assert services.publish_post(post).published_at == before

    @pytest.mark.parametrize(
        ("offset", "is_deleted"),
        [(-1, False), (1, False), (None, False), (-1, True)],
    )
    def test_row_and_queryset_agree_on_what_is_public(
        self, offset: int | None, is_deleted: bool
    ) -> None:
        at = None if offset is None else timezone.now() + timedelta(hours=offset)
        post = make_post(published_at=at)
        if is_deleted:
            services.delete_post(post)

        is_listed = Post.objects.published().filter(pk=post.pk).exists()

        assert post.is_published == is_listed

    def test_deleted_post_can_be_restored(self) -> None:
        post = make_post()
        services.delete_post(post)

        services.restore_post(post)

        assert Post.objects.published().get() == post


class TestTags:
    def test_names_of_one_slug_are_one_tag(self) -> None:
        tags = services.tags_from_names(
            ["Machine Learning", " machine  learning ", "C++"]
        )

        assert [tag.slug for tag in tags] == ["machine-learning", "c-plus-plus"]

    @pytest.mark.parametrize("name", ["🎉", "x" * 51])
    def test_impossible_name_is_refused(self, name: str) -> None:
        with pytest.raises(services.BadTag):
            services.tags_from_names([name])

    def test_renamed_tag_is_found_under_its_old_name(self) -> None:
        (tag,) = services.tags_from_names(["js"])
        tag.name = "JavaScript"
        services.save_tag(tag)

        assert services.tags_from_names(["js"]) == [tag]
        assert Tag.objects.get().slug == "javascript"
        assert TagSlug.objects.count() == 2

    def test_name_of_another_tag_is_refused(self) -> None:
        services.tags_from_names(["python"])
        (tag,) = services.tags_from_names(["snake"])

        with pytest.raises(services.SlugTaken):
            services.save_tag(tag, slug="python")


@pytest.mark.django_db(transaction=True)
def test_same_title_at_once_gives_different_slugs() -> None:
    author = make_author()
    start = Barrier(8)
    slugs: list[str] = []

    def write() -> None:
        start.wait()
        slugs.append(make_post(author=author, title="Race", tags=["fast"]).slug)
        connection.close()

    threads = [Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(slugs) == sorted(["race", *(f"race-{n}" for n in range(2, 9))])
    assert Tag.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "name"),
    [
        ("language", "en_US", "post_language_is_a_tag"),
        ("title", "a\u202eb", "post_title_has_no_bidi_control"),
    ],
)
def test_database_refuses(field: str, value: str, name: str) -> None:
    post = make_post()

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Post.objects.filter(pk=post.pk).update(**{field: value})
