"""What restoring an old version writes, and what it leaves as others made it."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from blog import services
from blog.models import Post
from comments import moderation
from comments.models import Question
from tests.concurrency import until_somebody_waits
from tests.conftest import Member, signed_in
from tests.factories import (
    make_author,
    make_moderator,
    make_post,
    make_question,
    take_side,
)


@pytest.fixture
def writer() -> Member:
    return signed_in(make_author())


@pytest.fixture
def post(writer: Member) -> Post:
    """A public post with a second version."""
    post = make_post(author=writer.user, title="First", body='Old "words".')
    post.title, post.body = "Second", "New words."
    return services.save_post(post, editor=writer.user)


def address(post: Post) -> str:
    return f"/admin/blog/post/{post.pk}/history/1/"


def restore(writer: Member, post: Post) -> int:
    return writer.post(address(post)).status_code


@pytest.mark.django_db(transaction=True)
class TestMeanwhile:
    def test_what_others_commit_while_it_restores_stays_done(
        self, writer: Member, post: Post
    ) -> None:
        first_published_at = timezone.now() - timedelta(days=400)
        answers: list[int] = []
        thread = threading.Thread(target=restore_apart, args=[writer, post, answers])

        with transaction.atomic():
            others = Post.objects.select_for_update().get(pk=post.pk)
            moderation.close_comments(others, by=make_moderator())
            fields = {"listed": False, "language": "de"}
            services.publish_post(others, at=first_published_at)
            Post.objects.filter(pk=post.pk).update(featured_at=timezone.now(), **fields)
            thread.start()
            until_somebody_waits()
        thread.join(20)

        assert answers == [302]
        now = Post.objects.get(pk=post.pk)
        assert (now.title, now.body, now.version) == ("First", 'Old "words".', 3)
        assert now.comment_policy == Post.CommentPolicy.CLOSED
        assert now.published_at == first_published_at
        assert now.featured_at
        assert (now.listed, now.language) == (False, "de")

    def test_deleted_meanwhile_it_stays_deleted(
        self, writer: Member, post: Post
    ) -> None:
        answers: list[int] = []
        thread = threading.Thread(target=restore_apart, args=[writer, post, answers])

        with transaction.atomic():
            services.delete_post(Post.objects.select_for_update().get(pk=post.pk))
            thread.start()
            until_somebody_waits()
        thread.join(20)

        now = Post.objects.get(pk=post.pk)
        assert now.deleted_at
        assert (now.body, now.version) == ("New words.", 2)


def restore_apart(writer: Member, post: Post, answers: list[int]) -> None:
    try:
        answers.append(restore(writer, post))
    finally:
        connection.close()


@pytest.mark.django_db
class TestRestore:
    def test_address_tags_question_and_votes_stay(
        self, writer: Member, post: Post
    ) -> None:
        post.tags.set(services.tags_from_names(["Tea"]))
        make_question(post)
        take_side(post, "pytorch")
        slug = post.slug

        assert restore(writer, post) == 302

        now = Post.objects.get(pk=post.pk)
        assert now.slug == slug
        assert [tag.name for tag in now.tags.all()] == ["Tea"]
        assert Question.objects.get(post=post).votes.count() == 1
        assert now.stats.side_counts["pytorch"]["visitors"] == 1

    def test_words_are_rendered_in_the_language_of_now(
        self, writer: Member, post: Post
    ) -> None:
        Post.objects.filter(pk=post.pk).update(language="de")

        restore(writer, post)

        now = Post.objects.get(pk=post.pk)
        assert "„words“" in now.body_html
        assert now.excerpt == "Old „words“."
        assert now.word_count == 2
        assert now.updated_at > post.updated_at

    def test_it_is_a_version_of_who_restores(self, writer: Member, post: Post) -> None:
        restore(writer, post)

        newest = post.revisions.first()
        assert newest
        assert (newest.version, newest.title) == (3, "First")
        assert newest.editor == writer.user

    def test_newer_words_than_those_compared_are_not_replaced(
        self, writer: Member, post: Post
    ) -> None:
        page = writer.get(address(post)).content.decode()
        post.body = "Newest words."
        services.save_post(post, editor=None)

        response = writer.post(address(post), {"base_version": "2"}, follow=True)

        assert 'name="base_version" value="2"' in page
        assert "Somebody saved a newer version" in response.text
        assert "Newest" in response.text
        assert Post.objects.get(pk=post.pk).body == "Newest words."
