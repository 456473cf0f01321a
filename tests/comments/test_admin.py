from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments import moderation
from comments.models import Report
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
