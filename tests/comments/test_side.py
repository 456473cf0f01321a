from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from blog import services as blog_services
from blog.models import Post, PostStats
from comments import ballots, opinions
from comments.models import Question, Vote
from tests.conftest import Member, signed_in, without_mark
from tests.factories import make_post, make_question, make_stranger, take_side

pytestmark = pytest.mark.django_db

URL = "/posts/frameworks/side/"
JSON = {"Accept": "application/json"}


@pytest.fixture
def question() -> Question:
    return make_question(make_post(slug="frameworks"))


def counts() -> dict[str, dict[str, int]]:
    return dict(PostStats.objects.get(post__slug="frameworks").side_counts)


def hide_results() -> None:
    Question.objects.update(results=Question.Results.AFTER_VOTING)


def take(client: Client, side: str, **headers: Any) -> Any:
    return client.post(URL, {"side": side}, headers=headers)


def own(client: Client) -> dict[str, Any]:
    post: dict[str, Any] = client.get("/me/?post=frameworks").json()["post"]
    return post


class TestForm:
    def test_has_a_radio_for_each_side_and_none_chosen(
        self, client: Client, question: Question
    ) -> None:
        response = client.get(URL)
        page = response.content.decode()

        assert response.status_code == 200
        assert "no-store" in response["Cache-Control"]
        assert page.count('type="radio"') == 2
        assert "checked" not in page
        assert page.count(' required id="id_side_') == 2
        assert 'name="side" value="pytorch"' in page
        assert "csrfmiddlewaretoken" in page
        assert 'data-side="pytorch" value="0"' in page
        assert "Set-Cookie" not in response.headers

    def test_knows_the_side_one_has_taken(
        self, member_client: Member, question: Question
    ) -> None:
        take(member_client, "tensorflow")

        page = member_client.get(URL)

        assert page.context["form"]["side"].value() == "tensorflow"
        assert b'value="tensorflow" required id="id_side_1" checked' in page.content

    def test_who_has_taken_one_may_take_it_back(
        self, member_client: Member, question: Question
    ) -> None:
        before = member_client.get(URL).text
        take(member_client, "tensorflow")
        after = member_client.get(URL).text
        refused = member_client.post(URL, {"side": "tea"})

        assert refused.status_code == 422
        assert "None: take my vote back" in refused.text
        assert "take my vote back" not in before
        assert 'name="side" value="" required' in after
        assert "take my vote back" in after

    def test_with_nothing_chosen_it_says_what_to_do(
        self, client: Client, question: Question
    ) -> None:
        page = client.post(URL)
        said = client.post(URL, headers=JSON)

        assert (page.status_code, said.status_code) == (422, 422)
        assert "Choose a side first." in page.text
        assert said.json()["errors"] == {"side": ["Choose a side first."]}
        assert not Vote.objects.exists()

    def test_old_address_leads_to_the_new(
        self, client: Client, question: Question
    ) -> None:
        blog_services.save_post(question.post, editor=None, slug="libraries")

        response = client.get(URL)

        assert (response.status_code, response["Location"]) == (
            302,
            "/posts/libraries/side/",
        )

    @pytest.mark.parametrize("path", ["missing", "unasked", "a%00b"])
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_is_nowhere_else(self, client: Client, path: str, method: str) -> None:
        make_post(slug="unasked")

        response = getattr(client, method)(f"/posts/{path}/side/")

        assert response.status_code == 404

    def test_is_gone_with_the_article(self, client: Client, question: Question) -> None:
        blog_services.unpublish_post(question.post)

        assert client.get(URL).status_code == 404
        assert take(client, "pytorch").status_code == 404

    def test_takes_no_other_method(self, client: Client, question: Question) -> None:
        assert client.put(URL).status_code == 405


class TestTake:
    def test_member_is_led_back_to_the_question(
        self, member_client: Member, question: Question
    ) -> None:
        response = take(member_client, "pytorch")

        assert response.status_code == 303
        assert "no-store" in response["Cache-Control"]
        assert without_mark(response["Location"]) == "/posts/frameworks/#question"
        assert counts()["pytorch"] == {"members": 1, "visitors": 0}

    def test_visitor_is_remembered_and_changes_the_vote(
        self, client: Client, question: Question
    ) -> None:
        take(client, "pytorch")
        take(client, "tensorflow")

        assert client.cookies["byline_visitor"]["httponly"]
        assert client.cookies["byline_known"].value == "1"
        assert counts() == {
            "pytorch": {"members": 0, "visitors": 0},
            "tensorflow": {"members": 0, "visitors": 1},
        }
        assert Vote.objects.get().network == ballots.digest(question, "127.0.0.1")

    def test_tampered_cookie_is_nobody(
        self, client: Client, question: Question
    ) -> None:
        take(client, "pytorch")
        cookie = client.cookies["byline_visitor"].value
        client.cookies["byline_visitor"] = f"{'0' * 8}{cookie[8:]}"

        take(client, "pytorch")

        assert counts()["pytorch"]["visitors"] == 2

    def test_script_hears_what_was_counted(
        self, client: Client, question: Question
    ) -> None:
        said = take(client, "pytorch", **JSON).json()
        back = take(client, "", **JSON).json()

        assert without_mark(said.pop("url")) == "/posts/frameworks/#question"
        assert said == {"side": "pytorch", "counts": counts() | said["counts"]}
        assert said["counts"]["pytorch"] == {"members": 0, "visitors": 1}
        assert back["side"] is None
        assert back["counts"]["pytorch"] == {"members": 0, "visitors": 0}

    def test_unknown_side_is_told_at_the_field(
        self, client: Client, question: Question
    ) -> None:
        page = take(client, "keras")
        said = take(client, "a\0b", **JSON)

        assert page.status_code == said.status_code == 422
        assert b"There is no such side" in page.content
        assert list(said.json()["errors"]) == ["side"]
        assert not Vote.objects.exists()
        assert "byline_visitor" not in client.cookies

    def test_closed_question_says_since_when(
        self, client: Client, question: Question
    ) -> None:
        take(client, "pytorch")
        opinions.close_question(question.post)
        closed_at = Question.objects.get().closed_at
        assert closed_at

        for side in ("tensorflow", "", "keras"):
            page, said = take(client, side), take(client, side, **JSON)
            assert page.status_code == said.status_code == 409
            assert f"closed on {closed_at.day} {closed_at:%B %Y}" in str(said.json())
        form = client.get(URL)
        assert f"{closed_at:%B %Y}" in form.content.decode()
        assert b"You took the side \xe2\x80\x9cPyTorch\xe2\x80\x9d" in form.content
        assert b"<form" not in form.content
        assert counts()["pytorch"]["visitors"] == 1

    def test_account_without_confirmed_address_is_refused(
        self, question: Question
    ) -> None:
        response = take(signed_in(make_stranger()), "pytorch")

        assert response.status_code == 403
        assert not Vote.objects.exists()

    def test_needs_a_token(self, question: Question) -> None:
        strict = Client(enforce_csrf_checks=True)
        token = strict.get("/me/").json()["csrf"]

        assert take(strict, "pytorch").status_code == 403
        assert take(strict, "pytorch", **{"X-CSRFToken": token}).status_code == 303


class TestLimits:
    def test_one_voter_pauses_after_thirty_changes(
        self, client: Client, question: Question
    ) -> None:
        take(client, "pytorch")
        statuses = [take(client, "tensorflow").status_code for _ in range(31)]

        assert statuses == [303] * 30 + [429]
        assert int(take(client, "pytorch")["Retry-After"]) <= 60

    def test_network_makes_sixty_new_visitors_an_hour(self, question: Question) -> None:
        statuses = [take(Client(), "pytorch").status_code for _ in range(61)]

        assert statuses == [303] * 60 + [429]
        other = Client(REMOTE_ADDR="192.0.2.7")
        assert take(other, "pytorch").status_code == 303
        assert counts()["pytorch"]["visitors"] == 61

    def test_member_is_not_stopped_by_the_network(
        self, member_client: Member, question: Question
    ) -> None:
        for _ in range(61):
            take(Client(), "pytorch")

        assert take(member_client, "pytorch").status_code == 303


class TestResultsAfterVoting:
    @pytest.fixture(autouse=True)
    def hidden(self, question: Question) -> None:
        hide_results()
        for _ in range(3):
            take_side(question.post, "pytorch")

    @pytest.mark.parametrize("path", ["", "comments/"])
    def test_public_page_holds_no_number(self, client: Client, path: str) -> None:
        page = client.get(f"/posts/frameworks/{path}").content.decode()
        start = page.index('id="question"')
        section = page[start : page.index("</section>", start)]

        assert 'data-side="pytorch"' in section
        assert "side-count" not in page
        assert "<line" not in page
        assert "3" not in section

    def test_page_of_the_side_shows_them_to_who_voted(self, client: Client) -> None:
        before = client.get(URL).content
        take(client, "tensorflow")
        after = client.get(URL).content
        take(client, "")

        assert b"side-count" not in before
        assert b'data-side="pytorch" value="3"' in after
        assert b"side-count" not in client.get(URL).content

    def test_scripts_hear_them_once_somebody_voted(self, client: Client) -> None:
        assert own(client).keys() == {"reactions", "side", "can_edit"}

        said = take(client, "tensorflow", **JSON).json()
        assert own(client)["results"] == said["counts"] == counts()

        assert "counts" not in take(client, "", **JSON).json()
        assert "results" not in own(client)


class TestMe:
    def test_says_the_side(
        self, member_client: Member, client: Client, question: Question
    ) -> None:
        take(member_client, "pytorch")
        take(client, "tensorflow")

        assert own(member_client)["side"] == "pytorch"
        assert own(client)["side"] == "tensorflow"
        assert own(Client())["side"] is None
        assert "results" not in own(member_client)
        other = make_post()
        assert (
            member_client.get(f"/me/?post={other.slug}").json()["post"]["side"] is None
        )

    def test_costs_one_query_more(
        self, member_client: Member, question: Question
    ) -> None:
        with CaptureQueriesContext(connection) as named:
            own(member_client)
        asked = [query for query in named if "comments_vote" in query["sql"]]
        with CaptureQueriesContext(connection) as stranger:
            own(Client())

        assert len(asked) == 1
        assert "comments_vote" not in str(stranger.captured_queries)


class TestPage:
    def test_shows_the_question_between_tags_and_reactions(
        self, client: Client, question: Question
    ) -> None:
        take_side(question.post, "pytorch")
        take_side(question.post, "pytorch", user=make_stranger())
        take_side(question.post, "tensorflow")
        page = client.get("/posts/frameworks/").content.decode()

        link = f'href="{URL}" rel="nofollow" data-act="side" data-side="pytorch"'
        assert link in page
        assert '<data class="side-count" data-side="pytorch" value="2">2</data>' in page
        assert "1 member, 1 visitor" in page
        assert '<line class="stand__members" x1="0" y1="50%" x2="33.33%"' in page
        assert page.index('id="question"') < page.index('id="reactions"')

    @pytest.mark.parametrize("path", ["", "comments/"])
    def test_costs_one_query_and_none_without_a_question(
        self, client: Client, question: Question, path: str
    ) -> None:
        make_post(slug="unasked")

        def queries(slug: str) -> list[str]:
            with CaptureQueriesContext(connection) as captured:
                client.get(f"/posts/{slug}/{path}")
            return [query["sql"] for query in captured]

        asked, unasked = queries("frameworks"), queries("unasked")

        assert len(asked) == len(unasked) + 1
        assert len([sql for sql in asked if "comments_question" in sql]) == 1

    def test_closed_question_has_no_links(
        self, client: Client, question: Question
    ) -> None:
        opinions.close_question(question.post)

        page = client.get("/posts/frameworks/").content.decode()

        assert 'data-act="side"' not in page
        assert "Closed on" in page
        assert "side-count" in page

    def test_names_are_text(self, client: Client) -> None:
        post: Post = make_post(slug="frameworks")
        make_question(post, text="<b>A</b> or B?", sides=["<i>A</i>", "B"])

        page = client.get("/posts/frameworks/").content.decode()

        assert "&lt;b&gt;A&lt;/b&gt; or B?" in page
        assert "&lt;i&gt;A&lt;/i&gt;" in page
