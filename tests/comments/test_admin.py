from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from comments import moderation
from comments.models import ModerationEntry, Report
from tests import factories
from tests.conftest import Member

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["comments/comment/", "comments/report/"])
def test_lists_load_no_article_with_every_row(
    moderator_client: Member, address: str
) -> None:
    comment = factories.make_comment()
    reporter = factories.make_user()
    moderation.report_comment(comment, reporter=reporter, reason=Report.Reason.SPAM)

    with CaptureQueriesContext(connection) as queries:
        response = moderator_client.get(f"/admin/{address}")

    assert response.status_code == 200
    assert comment.post.title in response.text or comment.author_name in response.text
    asked = " ".join(query["sql"] for query in queries.captured_queries)
    assert '"blog_post"."body' not in asked
    assert '"comments_comment"."body_html"' not in asked


class TestLog:
    def test_is_read_filtered_and_searched(self, moderator_client: Member) -> None:
        comment = factories.make_comment()
        moderation.remove_comment(
            comment, by=moderator_client.user, reason="An advertisement."
        )
        moderation.lock_thread(factories.make_comment(), by=moderator_client.user)
        address = "/admin/comments/moderationentry/"

        everything = moderator_client.get(address).text
        locks = moderator_client.get(f"{address}?action__exact=lock").text
        found = moderator_client.get(f"{address}?q={comment.public_id}").text

        assert "An advertisement." in everything
        assert f"Comment by {comment.author_name}" in everything
        assert "An advertisement." not in locks
        assert "An advertisement." in found
        assert found.count('class="field-action"') == 1

    def test_names_what_is_gone(self, moderator_client: Member) -> None:
        comment, by = factories.make_comment(), factories.make_moderator()
        moderation.remove_comment(comment, by=by)
        comment.post.delete()
        by.delete()

        page = moderator_client.get("/admin/comments/moderationentry/").text

        assert "A comment that is gone, under an article that is gone" in page
        assert f"account {ModerationEntry.objects.get().by_id}" in page

    def test_costs_the_same_for_one_as_for_many(
        self,
        moderator_client: Member,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        for count in (1, 8):
            for _ in range(count):
                by = factories.make_moderator()
                moderation.remove_comment(factories.make_comment(), by=by)
            with django_assert_max_num_queries(11):
                moderator_client.get("/admin/comments/moderationentry/")

    @pytest.mark.parametrize("act", ["add/", "{}/change/", "{}/delete/"])
    def test_nobody_writes_in_it(self, owner_client: Member, act: str) -> None:
        moderation.remove_comment(factories.make_comment(), reason="As it was.")
        entry = ModerationEntry.objects.get()
        address = f"/admin/comments/moderationentry/{act.format(entry.pk)}"

        response = owner_client.post(address, {"post": "yes", "reason": "Other."})

        assert response.status_code == 403
        assert ModerationEntry.objects.get().reason == "As it was."

    def test_stands_on_the_page_of_the_comment(self, moderator_client: Member) -> None:
        comment, other = factories.make_comment(), factories.make_comment()
        moderation.remove_comment(comment, reason="Its own story.")
        moderation.remove_comment(other, reason="Another story.")

        page = moderator_client.get(
            f"/admin/comments/comment/{comment.pk}/change/"
        ).text

        assert "Its own story." in page
        assert "Another story." not in page


def test_action_of_the_list_names_who_did_it(moderator_client: Member) -> None:
    comment = factories.make_comment()

    moderator_client.post(
        "/admin/comments/comment/",
        {"action": "remove_from_page", "_selected_action": [comment.pk]},
    )

    assert ModerationEntry.objects.get().by == moderator_client.user
