from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from blog.models import Post
from comments import moderation, services
from comments.models import Comment, ModerationEntry
from comments.permissions import accepts_comments, comment_policy
from core.models import SiteSettings
from tests.concurrency import together
from tests.conftest import Member
from tests.factories import make_comment, make_moderator, make_post, make_user

pytestmark = pytest.mark.django_db


def actions() -> list[str]:
    return list(ModerationEntry.objects.order_by("pk").values_list("action", flat=True))


class TestLockedThread:
    @pytest.mark.parametrize("is_reply", [False, True])
    def test_takes_no_replies_anywhere_in_it(self, is_reply: bool) -> None:
        start = make_comment()
        deep = make_comment(parent=make_comment(parent=start))
        moderation.lock_thread(deep if is_reply else start, by=make_moderator())

        for parent in (start, deep):
            with pytest.raises(services.ThreadLocked):
                make_comment(parent=parent)

    def test_leaves_the_other_threads_open(self) -> None:
        start = make_comment()
        moderation.lock_thread(start, by=make_moderator())

        assert make_comment(parent=make_comment(start.post)).is_visible

    def test_is_logged_once_each_way_by_its_first_comment(self) -> None:
        start = make_comment()
        reply, by = make_comment(parent=start), make_moderator()

        for change in (moderation.lock_thread, moderation.unlock_thread):
            change(reply, by=by)
            change(start, by=by)

        assert actions() == ["lock", "unlock"]
        assert {entry.comment for entry in ModerationEntry.objects.all()} == {start}
        assert make_comment(parent=reply).is_visible

    def test_keeps_the_last_decision_about_words_undoable(self) -> None:
        comment, by = make_comment(), make_moderator()
        removal = moderation.decide(comment, ModerationEntry.Action.REMOVE, by=by).entry
        assert removal
        moderation.lock_thread(comment, by=by)

        assert moderation.undo(removal, by=by).comment.is_visible

    @pytest.mark.parametrize("accept", ["text/html", "application/json"])
    def test_reply_is_refused_and_the_text_kept(
        self, member_client: Member, accept: str
    ) -> None:
        start = make_comment(make_post(slug="talk"))
        moderation.lock_thread(start, by=make_moderator())

        response = member_client.post(
            "/posts/talk/comments/new/",
            {"body": "My precious reply", "parent": start.public_id, "key": "k"},
            headers={"Accept": accept},
        )

        assert response.status_code == 409
        assert "This thread is locked." in response.text
        assert ("My precious reply" in response.text) == (accept == "text/html")

    def test_form_for_a_reply_is_refused_too(self, member_client: Member) -> None:
        start = make_comment(make_post(slug="talk"))
        moderation.lock_thread(start, by=make_moderator())

        response = member_client.get(
            f"/posts/talk/comments/new/?parent={start.public_id}"
        )

        assert response.status_code == 409

    def test_options_offer_no_reply(self, member_client: Member) -> None:
        start = make_comment()
        address = f"/comments/{start.public_id}/options/"
        assert ">Reply</a>" in member_client.get(address).text

        moderation.lock_thread(start, by=make_moderator())

        assert ">Reply</a>" not in member_client.get(address).text


class TestClosedPost:
    def test_closes_and_opens_once(self) -> None:
        post, by = make_post(), make_moderator()

        moderation.close_comments(post, by=by)
        closed = moderation.close_comments(post, by=by)
        with pytest.raises(services.CommentsClosed):
            make_comment(post)
        moderation.open_comments(post, by=by)
        opened = moderation.open_comments(post, by=by)

        assert (closed.comment_policy, opened.comment_policy) == ("closed", "site")
        assert actions() == ["close", "open"]

    @pytest.mark.parametrize(
        ("site_policy", "expected"), [("confirm", "confirm"), ("closed", "members")]
    )
    def test_opens_in_spite_of_age_and_site(
        self, site_policy: str, expected: str
    ) -> None:
        SiteSettings.objects.create(
            pk=1, comment_policy=site_policy, closes_after_days=10
        )
        post = make_post(published_at=timezone.now() - timedelta(days=11))

        opened = moderation.open_comments(post, by=make_moderator())

        assert opened.comment_policy == expected
        assert make_comment(post).is_visible

    def test_keeps_the_words_of_the_article(self) -> None:
        post = make_post(body="Still here.")

        moderation.close_comments(post, by=make_moderator())

        assert Post.objects.get(pk=post.pk).body == "Still here."


class TestClosingByAge:
    @pytest.mark.parametrize(("days", "is_open"), [(9, True), (11, False)])
    def test_closes_when_the_days_are_over(self, days: int, is_open: bool) -> None:
        site = SiteSettings.objects.create(pk=1, closes_after_days=10)
        post = make_post(published_at=timezone.now() - timedelta(days=days))

        assert accepts_comments(post, site) == is_open

    def test_is_never_where_the_owner_says_nothing(self) -> None:
        post = make_post(published_at=timezone.now() - timedelta(days=9999))

        assert accepts_comments(post, SiteSettings.load())

    def test_does_not_overrule_the_article_itself(self) -> None:
        site = SiteSettings.objects.create(pk=1, closes_after_days=1)
        post = make_post(
            comment_policy="members", published_at=timezone.now() - timedelta(days=9)
        )

        assert comment_policy(post, site) == "members"

    def test_refuses_what_is_sent_and_keeps_the_text(
        self, member_client: Member
    ) -> None:
        SiteSettings.objects.create(pk=1, closes_after_days=10)
        make_post(slug="old", published_at=timezone.now() - timedelta(days=11))

        response = member_client.post(
            "/posts/old/comments/new/", {"body": "Too late?", "key": "k"}
        )

        assert response.status_code == 403
        assert "Too late?" in response.text


@pytest.mark.django_db(transaction=True)
def test_no_reply_slips_in_while_the_thread_is_locked() -> None:
    start, by = make_comment(), make_moderator()
    authors = [make_user() for _ in range(12)]
    locked_with: list[int] = []

    def lock() -> None:
        moderation.lock_thread(start, by=by)
        locked_with.append(Comment.objects.filter(thread=start).count())

    failures = together(
        [partial(make_comment, parent=start, author=who) for who in authors] + [lock]
    )

    assert {type(failure) for failure in failures} <= {services.ThreadLocked}
    assert Comment.objects.filter(thread=start).count() == locked_with[0]
