from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db.utils import IntegrityError
from pytest_django import DjangoAssertNumQueries

from blog import services as blog_services
from blog.models import Post, PostStats
from comments import moderation, services
from comments.models import Comment, Report
from core.markup import MarkupRefused
from core.models import SiteSettings
from tests.concurrency import together
from tests.factories import (
    make_comment,
    make_moderator,
    make_post,
    make_stranger,
    make_user,
)


def stored_count(post: Post) -> int:
    return PostStats.objects.get(post=post).comment_count


def submit(post: Post, **overrides: Any) -> Comment:
    fields: dict[str, Any] = {
        "author": make_user(),
        "body": "Well said.",
        "key": "k",
    }
    return services.submit_comment(post=post, **(fields | overrides))


@pytest.mark.django_db
class TestSubmitComment:
    def test_stores_safe_html_and_counts(self) -> None:
        post = make_post()

        comment = submit(post, body="**Yes** <script>alert(1)</script>")

        assert "<strong>Yes</strong>" in comment.body_html
        assert "<script" not in comment.body_html
        assert comment.renderer_version
        assert stored_count(post) == 1

    def test_same_key_twice_is_one_comment(self) -> None:
        post, author = make_post(), make_user()

        first = submit(post, author=author, key="same")
        again = submit(post, author=author, key="same", body="Other words")

        assert again == first
        assert stored_count(post) == 1

    def test_same_key_is_known_after_the_close(self) -> None:
        post, author = make_post(), make_user()
        first = submit(post, author=author, key="same")
        Post.objects.update(comment_policy=Post.CommentPolicy.CLOSED)

        assert submit(post, author=author, key="same") == first

    def test_same_key_of_two_people_is_two_comments(self) -> None:
        post = make_post()

        submit(post, key="same")
        submit(post, key="same")

        assert stored_count(post) == 2

    def test_deep_reply_keeps_its_parent_and_its_thread(self) -> None:
        start = make_comment()
        reply = make_comment(parent=start)

        deep = make_comment(parent=reply)

        assert deep.parent == reply
        assert deep.thread == start

    @pytest.mark.parametrize(
        "change", [blog_services.delete_post, blog_services.unpublish_post]
    )
    def test_post_that_is_gone_takes_nothing(
        self, change: Callable[[Post], Post]
    ) -> None:
        post = make_post()
        change(Post.objects.get(pk=post.pk))

        with pytest.raises(services.PostGone):
            submit(post)

    def test_closed_post_takes_nothing(self) -> None:
        post = make_post(comment_policy=Post.CommentPolicy.CLOSED)

        with pytest.raises(services.CommentsClosed):
            submit(post)

    def test_closed_site_takes_nothing_unless_the_post_is_open(self) -> None:
        SiteSettings.objects.create(pk=1, comment_policy="closed")
        follows, opens = make_post(), make_post(comment_policy="members")

        submit(opens)

        with pytest.raises(services.CommentsClosed):
            submit(follows)

    def test_parent_under_another_post_is_refused(self) -> None:
        with pytest.raises(services.ParentGone):
            submit(make_post(), parent=make_comment())

    @pytest.mark.parametrize(
        "hide", [moderation.delete_comment, moderation.remove_comment]
    )
    def test_hidden_parent_is_refused(self, hide: Callable[[Comment], Comment]) -> None:
        parent = make_comment()
        hide(parent)

        with pytest.raises(services.ParentGone):
            submit(parent.post, parent=parent)

    @pytest.mark.parametrize(
        "body", ["[x]: http://e.org", "\u200b", "\0", "x" * 20_001]
    )
    def test_what_cannot_be_shown_is_refused(self, body: str) -> None:
        post = make_post()

        with pytest.raises(MarkupRefused):
            submit(post, body=body)

        assert stored_count(post) == 0


@pytest.mark.django_db
class TestEditComment:
    def test_keeps_what_was_said_before(self) -> None:
        comment = make_comment(body="Frist")

        edited = services.edit_comment(comment, body="First")

        assert edited.body == "First"
        assert "First" in edited.body_html
        assert [revision.body for revision in comment.revisions.all()] == ["Frist"]

    def test_same_words_are_no_edit(self) -> None:
        comment = make_comment(body="Same")

        edited = services.edit_comment(comment, body="Same")

        assert edited.edited_at is None
        assert not comment.revisions.exists()

    def test_deleted_comment_cannot_be_edited(self) -> None:
        comment = make_comment()
        moderation.delete_comment(comment)

        with pytest.raises(services.CommentGone):
            services.edit_comment(comment, body="Still here?")


@pytest.mark.django_db
class TestTakingAway:
    def test_deleted_is_not_counted_and_stays_deleted(self) -> None:
        comment = make_comment()

        moderation.delete_comment(comment)
        again = moderation.restore_comment(comment)

        assert again.state == Comment.State.DELETED
        assert stored_count(comment.post) == 0

    def test_removed_can_be_restored(self) -> None:
        comment = make_comment()

        moderation.remove_comment(comment)
        assert stored_count(comment.post) == 0
        moderation.restore_comment(comment)

        assert stored_count(comment.post) == 1


@pytest.mark.django_db
class TestReports:
    def test_telling_again_changes_what_was_told(self) -> None:
        comment, reporter = make_comment(), make_user()

        moderation.report_comment(comment, reporter=reporter, reason="spam")
        moderation.report_comment(
            comment, reporter=reporter, reason="abuse", note="Look again"
        )

        report = Report.objects.get()
        assert (report.reason, report.note) == ("abuse", "Look again")

    def test_resolved_report_can_be_followed_by_another(self) -> None:
        post, reporter, moderator = make_post(), make_user(), make_moderator()
        first = moderation.report_post(post, reporter=reporter, reason="spam")

        moderation.resolve_report(first, by=moderator)
        moderation.report_post(post, reporter=reporter, reason="spam")

        assert Report.objects.count() == 2
        assert Report.objects.filter(resolved_by=moderator).count() == 1


@pytest.mark.django_db
class TestConstraints:
    def test_key_is_used_once(self) -> None:
        comment = make_comment()
        copy = Comment(
            post=comment.post, author=comment.author, body="x", key=comment.key
        )

        with pytest.raises(IntegrityError, match="comment_key_is_used_once"):
            copy.save()

    def test_body_is_not_too_long(self) -> None:
        comment = Comment(
            post=make_post(), author=make_user(), body="x" * 20_001, key="k"
        )

        with pytest.raises(IntegrityError, match="comment_body_is_not_too_long"):
            comment.save()

    def test_reply_has_a_thread(self) -> None:
        parent = make_comment()
        comment = Comment(
            post=parent.post, parent=parent, author=make_user(), body="x", key="k"
        )

        with pytest.raises(IntegrityError, match="comment_reply_has_a_thread"):
            comment.save()

    def test_report_has_one_target(self) -> None:
        comment = make_comment()

        with pytest.raises(IntegrityError, match="report_has_one_target"):
            Report.objects.create(comment=comment, post=comment.post, reason="spam")


@pytest.mark.django_db
def test_counters_that_are_missing_are_made_and_counted() -> None:
    post = make_comment().post
    PostStats.objects.all().delete()

    submit(post)

    assert stored_count(post) == 2


@pytest.mark.django_db(transaction=True)
class TestAtTheSameTime:
    def test_ten_identical_posts_are_one_comment(self) -> None:
        post, author = make_post(), make_user()

        failures = together([lambda: submit(post, author=author)] * 10)

        assert failures == []
        assert Comment.objects.count() == stored_count(post) == 1

    def test_same_key_under_two_posts_is_one_comment(self) -> None:
        posts, author = [make_post(), make_post()] * 4, make_user()

        failures = together([partial(submit, post, author=author) for post in posts])

        assert failures == []
        assert Comment.objects.count() == 1

    def test_count_is_right_when_others_delete_meanwhile(self) -> None:
        post = make_post()
        old = [make_comment(post) for _ in range(8)]
        authors = [make_user() for _ in range(8)]

        failures = together(
            [partial(moderation.delete_comment, one) for one in old]
            + [partial(submit, post, author=who) for who in authors]
        )

        assert failures == []
        assert stored_count(post) == 8

    def test_nothing_slips_in_after_closing(self) -> None:
        post = make_post()
        authors = [make_user() for _ in range(12)]
        closed_with: list[int] = []

        def close() -> None:
            current = Post.objects.get(pk=post.pk)
            current.comment_policy = Post.CommentPolicy.CLOSED
            blog_services.save_post(current, editor=None)
            closed_with.append(Comment.objects.on_post(post).count())

        failures = together(
            [partial(submit, post, author=who) for who in authors] + [close]
        )

        assert {type(failure) for failure in failures} <= {services.CommentsClosed}
        assert Comment.objects.count() == stored_count(post) == closed_with[0]

    def test_nothing_slips_in_under_what_is_being_deleted(self) -> None:
        parent = make_comment()
        authors = [make_user() for _ in range(8)]
        deleted_with: list[int] = []

        def delete() -> None:
            moderation.delete_comment(parent)
            deleted_with.append(Comment.objects.filter(parent=parent).count())

        failures = together(
            [
                lambda who=who: submit(parent.post, parent=parent, author=who)
                for who in authors
            ]
            + [delete]
        )

        assert {type(failure) for failure in failures} <= {services.ParentGone}
        assert Comment.objects.filter(parent=parent).count() == deleted_with[0]

    def test_reports_of_one_person_are_one(self) -> None:
        comment, reporter = make_comment(), make_user()

        failures = together(
            [
                lambda: moderation.report_comment(
                    comment, reporter=reporter, reason="spam"
                )
            ]
            * 6
        )

        assert failures == []
        assert Report.objects.count() == 1


@pytest.mark.django_db
class TestPictures:
    BODY = "![A hare](/media/hare.png)"

    def test_are_links(self) -> None:
        assert "<img" not in make_comment(body=self.BODY).body_html

    def test_are_shown_where_the_site_allows_them(self) -> None:
        SiteSettings.objects.create(pk=1, shows_comment_pictures=True)

        html = make_comment(body=self.BODY).body_html

        assert '<img src="/media/hare.png" alt="A hare"' in html

    def test_of_another_host_stay_links(self) -> None:
        SiteSettings.objects.create(pk=1, shows_comment_pictures=True)

        html = make_comment(body="![x](https://elsewhere.example/x.png)").body_html

        assert "<img" not in html


@pytest.mark.django_db
def test_lines_of_code_in_two_comments_have_different_addresses() -> None:
    comments = [make_comment(body="```python\nx\n```") for _ in range(2)]

    for comment in comments:
        assert f'id="{comment.public_id}-code-1-L1"' in comment.body_html


@pytest.mark.django_db
class TestMentions:
    def test_person_with_a_page_is_linked(self) -> None:
        make_user(handle="anna")

        html = make_comment(body="Thanks, @Anna.").body_html

        assert 'href="/@anna/"' in html

    def test_account_that_waits_for_its_code_is_not(self) -> None:
        make_stranger(handle="anna")

        assert "href" not in make_comment(body="Thanks, @anna.").body_html

    def test_nobody_is_asked_for_where_nobody_is_meant(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        comment = Comment(body="a @ b")

        with django_assert_num_queries(0):
            services.render(comment)
