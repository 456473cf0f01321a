"""A comment that is erased from the database in the very instant of an act on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection

from blog.models import Post
from comments import moderation
from comments.models import Comment, ModerationEntry
from tests.comments.guests import JSON
from tests.factories import make_comment, make_post

if TYPE_CHECKING:
    from tests.conftest import Member

pytestmark = pytest.mark.django_db

QUEUE = "/admin/comments/queue/"
GONE = "it was taken away in the meantime"
GONE_IN_QUEUE = "is not there any more"
LOCKS = "FOR NO KEY UPDATE"


@contextmanager
def erased_before_the_lock(*erased: Comment | Post) -> Iterator[None]:
    """What is erased by somebody else after an act looked, and before it locks."""
    due = list(erased)

    def erase(execute: Any, sql: str, *rest: Any) -> Any:
        if LOCKS in sql:
            while due:
                due.pop().delete()
        return execute(sql, *rest)

    with connection.execute_wrapper(erase):
        yield
    assert not due


class TestOnePage:
    @pytest.mark.parametrize("act", ["remove", "restore", "lock", "unlock", "delete"])
    @pytest.mark.parametrize("is_script", [False, True])
    def test_moderator_is_told(
        self, moderator_client: Member, act: str, is_script: bool
    ) -> None:
        comment = make_comment()
        path = f"/comments/{comment.public_id}/{act}/"

        with erased_before_the_lock(comment):
            said = moderator_client.post(path, headers=JSON if is_script else {})

        assert said.status_code == 404
        text = said.json()["errors"]["__all__"][0] if is_script else said.text
        assert GONE in text
        assert not ModerationEntry.objects.exists()

    @pytest.mark.parametrize("act", ["hide", "restore"])
    def test_author_of_the_article_is_told(
        self, author_client: Member, act: str
    ) -> None:
        comment = make_comment(make_post(author=author_client.user))
        if act == "restore":
            moderation.hide_comment(comment, by=author_client.user)

        with erased_before_the_lock(comment):
            said = author_client.post(f"/comments/{comment.public_id}/{act}/")

        assert said.status_code == 404
        assert GONE in said.text

    @pytest.mark.parametrize("act", ["edit", "delete"])
    def test_its_writer_is_told_and_keeps_the_words(
        self, member_client: Member, act: str
    ) -> None:
        comment = make_comment(author=member_client.user)
        path = f"/comments/{comment.public_id}/{act}/"

        with erased_before_the_lock(comment):
            said = member_client.post(path, {"body": "What I typed"})

        assert said.status_code == 404
        assert GONE in said.text
        assert "What I typed" in said.text

    def test_who_reports_it_is_told(self, member_client: Member) -> None:
        comment = make_comment()
        path = f"/comments/{comment.public_id}/report/"

        with erased_before_the_lock(comment):
            said = member_client.post(path, {"reason": "spam"})

        assert said.status_code == 404
        assert GONE in said.text

    def test_its_article_may_go_with_it(self, moderator_client: Member) -> None:
        comment = make_comment()

        with erased_before_the_lock(comment.post):
            said = moderator_client.post(f"/comments/{comment.public_id}/remove/")

        assert said.status_code == 404

    def test_closing_under_an_article_that_is_erased(
        self, moderator_client: Member
    ) -> None:
        post = make_post(slug="talk")

        with erased_before_the_lock(post):
            said = moderator_client.post("/posts/talk/comments/close/")

        assert said.status_code == 404
        assert "There is no such article" in said.text


class TestQueue:
    @pytest.mark.parametrize("decision", ["approve", "spam", "remove"])
    def test_what_is_left_of_many_is_decided(
        self, moderator_client: Member, decision: str
    ) -> None:
        erased, left = make_comment(), make_comment()
        Comment.objects.update(state="pending", waits_for="moderator")
        chosen = {"decision": decision, "comment": [erased.public_id, left.public_id]}

        with erased_before_the_lock(erased):
            done = moderator_client.post(QUEUE, chosen)

        left.refresh_from_db()
        assert done.status_code == 303
        assert left.state != "pending"
        assert GONE_IN_QUEUE in moderator_client.get(done["Location"]).text

    def test_one_that_had_gone_before_is_said_too(
        self, moderator_client: Member
    ) -> None:
        comment = make_comment()
        chosen = {"decision": "spam", "comment": comment.public_id}
        comment.delete()

        done = moderator_client.post(QUEUE, chosen)

        page = moderator_client.get(done["Location"]).text
        assert GONE_IN_QUEUE in page
        assert "somebody had decided before" not in page

    def test_author_is_told(self, author_client: Member) -> None:
        comment = make_comment(make_post(author=author_client.user))
        chosen = {"decision": "hide", "comment": comment.public_id}

        with erased_before_the_lock(comment):
            done = author_client.post(QUEUE, chosen)

        assert GONE_IN_QUEUE in author_client.get(done["Location"]).text

    def test_taking_back_is_told(self, moderator_client: Member) -> None:
        comment = make_comment()
        moderation.mark_spam(comment, by=moderator_client.user)
        entry = ModerationEntry.objects.get()

        with erased_before_the_lock(comment):
            done = moderator_client.post(
                QUEUE, {"decision": "undo", "entry": entry.pk, "tab": "spam"}
            )

        assert GONE_IN_QUEUE in moderator_client.get(done["Location"]).text

    def test_taking_back_too_late_is_told(self, moderator_client: Member) -> None:
        comment = make_comment()
        moderation.mark_spam(comment, by=moderator_client.user)
        entry = ModerationEntry.objects.get()
        comment.delete()

        done = moderator_client.post(
            QUEUE, {"decision": "undo", "entry": entry.pk, "tab": "spam"}
        )

        assert GONE_IN_QUEUE in moderator_client.get(done["Location"]).text


class TestDesk:
    def test_action_on_many_goes_on(self, moderator_client: Member) -> None:
        erased, left = make_comment(), make_comment()
        chosen = [erased.pk, left.pk]

        with erased_before_the_lock(erased):
            page = moderator_client.post(
                "/admin/comments/comment/",
                {"action": "remove_from_page", "_selected_action": chosen},
                follow=True,
            )

        left.refresh_from_db()
        assert "1 comment is gone" in page.text
        assert "1 comment was looked at" in page.text
        assert left.state == "removed"
