"""The question in the preview of an article that is not public."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog import services
from blog.models import Post
from comments import opinions
from comments.models import Question, Vote
from tests.comments.test_desk import typed
from tests.conftest import Member
from tests.factories import make_post, make_question, take_side

pytestmark = pytest.mark.django_db

PREVIEW = "/admin/blog/preview/"
SECTION = re.compile(r'<section class="question".*?</section>', re.DOTALL)


@pytest.fixture
def draft() -> Post:
    return make_post(title="Not yet", published_at=None)


def preview(post: Post) -> str:
    link = services.create_preview_link(post, user=None)
    response = Client().get(link.get_absolute_url())
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    return response.text


def question_in(page: str) -> str:
    found = SECTION.findall(page)
    assert len(found) == 1
    return str(found[0])


@pytest.mark.parametrize("ahead", [None, timedelta(days=1)], ids=["draft", "scheduled"])
def test_is_shown_as_readers_will_see_it(ahead: timedelta | None) -> None:
    post = make_post(published_at=timezone.now() + ahead if ahead else None)
    make_question(post, sides=["Tea", "Coffee"], text="Tea or coffee?")

    shown = question_in(preview(post))

    assert "Tea or coffee?" in shown
    assert shown.index('data-side="tea"') < shown.index('data-side="coffee"')
    assert shown.count('class="side-count"') == 2


def test_no_side_can_be_taken_and_no_address_is_in_it(draft: Post) -> None:
    make_question(draft, results="voted")

    shown = question_in(preview(draft))
    answer = Client().post(f"/posts/{draft.slug}/side/", {"side": "pytorch"})

    assert "see how opinion stands" in shown
    for mark in ("href", "/posts/", "data-act", "data-question", "<form", "<button"):
        assert mark not in shown
    assert answer.status_code == 404
    assert not Vote.objects.exists()


def test_results_for_voters_are_not_in_it() -> None:
    post = make_post()
    make_question(post, results="voted")
    take_side(post, "pytorch")
    services.unpublish_post(post)

    shown = question_in(preview(post))

    assert "side-count" not in shown
    assert "100" not in shown


def test_question_that_was_closed_says_since_when() -> None:
    post = make_post()
    make_question(post)
    opinions.close_question(post)
    services.unpublish_post(post)

    assert "Closed on" in question_in(preview(post))


def test_article_that_asks_nothing_shows_none_and_costs_no_query(draft: Post) -> None:
    path = services.create_preview_link(draft, user=None).get_absolute_url()
    Client().get(path)

    with CaptureQueriesContext(connection) as queries:
        page = Client().get(path).text

    assert "Not yet" in page
    assert not SECTION.search(page)
    assert not [q for q in queries if "comments_side" in q["sql"]]


class TestWhileItIsTyped:
    def test_is_shown_in_the_order_of_the_form(self, author_client: Member) -> None:
        places = {"question-side-1-place": 1}
        sent = typed(text="Tea <or> coffee?", sides=["Tea", "Coffee"]) | places

        shown = question_in(author_client.post(PREVIEW, sent).json()["parts"])

        assert "Tea &lt;or&gt; coffee?" in shown
        assert shown.index(">Coffee<") < shown.index(">Tea<")
        assert "href" not in shown
        assert not Question.objects.exists()

    @pytest.mark.parametrize(
        "sent", [{"text": ""}, {"sides": ["Tea"]}, {"sides": ["Tea", "Tea"]}]
    )
    def test_waits_until_it_could_be_saved(
        self, author_client: Member, sent: dict[str, Any]
    ) -> None:
        answer = author_client.post(PREVIEW, typed(**sent))

        assert answer.status_code == 200
        assert answer.json()["parts"] == ""

    def test_results_for_voters_are_not_shown(self, author_client: Member) -> None:
        chosen = {"question-results": "voted", "question-is_closed": "on"}
        sent = typed() | chosen

        shown = question_in(author_client.post(PREVIEW, sent).json()["parts"])

        assert "side-count" not in shown
        assert "Closed on" in shown


def test_public_page_has_the_ways_to_take_a_side() -> None:
    post = make_post()
    make_question(post)

    shown = question_in(Client().get(f"/posts/{post.slug}/").text)

    assert shown.count(f'href="/posts/{post.slug}/side/"') == 2
    assert "data-question" in shown
