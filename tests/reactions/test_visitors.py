from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from accounts.visitors import COOKIE
from blog.models import PostStats
from comments import moderation
from core.models import LimitWindow
from reactions.models import Reaction
from tests.concurrency import together
from tests.conftest import without_mark
from tests.factories import make_comment, make_kinds, make_post

if TYPE_CHECKING:
    from blog.models import Post

JSON = {"Accept": "application/json"}
LOVE = {"kind": "love", "state": "on"}
PATH = "/posts/talk/reactions/"


@pytest.fixture
def talk(db: None) -> Post:
    make_kinds()
    return make_post(slug="talk")


def counts_of(post: Post) -> dict[str, int]:
    return dict(PostStats.objects.get(post=post).reaction_counts)


class TestVisitor:
    def test_page_has_buttons_that_work(self, talk: Post) -> None:
        client = Client(enforce_csrf_checks=True)
        page = client.get(PATH)
        token = page.context["csrf_token"]

        done = client.post(PATH, LOVE | {"csrfmiddlewaretoken": str(token)})

        assert page.text.count('name="csrfmiddlewaretoken"') == 3
        assert "no-store" in page.headers["Cache-Control"]
        assert done.status_code == 303
        assert without_mark(done["Location"]) == "/posts/talk/#reactions"
        assert counts_of(talk) == {"love": 1}
        assert client.get(PATH).text.count('aria-pressed="true"') == 1

    def test_script_acts_with_the_token_of_me(self, talk: Post) -> None:
        client = Client(enforce_csrf_checks=True)
        token = client.get("/me/?post=talk").json()["csrf"]

        said = client.post(PATH, LOVE, headers=JSON | {"X-CSRFToken": token}).json()

        assert said["counts"] == {"love": 1}
        assert said["reactions"] == ["love"]

    def test_on_twice_is_once_and_off_takes_it_back(
        self, talk: Post, client: Client
    ) -> None:
        client.post(PATH, LOVE)
        client.post(PATH, LOVE)
        assert counts_of(talk) == {"love": 1}

        client.post(PATH, LOVE | {"state": "off"})

        assert counts_of(talk) == {}

    def test_two_browsers_are_two(self, talk: Post) -> None:
        first, second = Client(), Client()
        first.post(PATH, LOVE)
        second.post(PATH, LOVE)
        assert counts_of(talk) == {"love": 2}

        second.post(PATH, LOVE | {"state": "off"})

        assert counts_of(talk) == {"love": 1}

    def test_comments_take_them_too(self, talk: Post, client: Client) -> None:
        comment = make_comment(talk)

        done = client.post(f"/comments/{comment.public_id}/reactions/", LOVE)

        comment.refresh_from_db()
        assert done.status_code == 303
        assert comment.reaction_counts == {"love": 1}
        mine = client.get("/me/?post=talk").json()["comments"]
        assert mine == {
            comment.public_id: {
                "reactions": ["love"],
                "can_edit": False,
                "state": "visible",
            }
        }

    def test_hidden_comment_is_not_found(self, talk: Post, client: Client) -> None:
        comment = moderation.remove_comment(make_comment(talk))

        done = client.post(f"/comments/{comment.public_id}/reactions/", LOVE)

        assert done.status_code == 404
        assert COOKIE not in done.cookies

    def test_stranger_sees_no_reaction_as_their_own(
        self, talk: Post, client: Client
    ) -> None:
        Client().post(PATH, LOVE)

        assert 'aria-pressed="true"' not in client.get(PATH).text


class TestLimits:
    def test_one_browser_has_sixty_a_minute(self, talk: Post, client: Client) -> None:
        for _ in range(2):
            client.post(PATH, LOVE)
        spend("reaction:visitor-", 60)

        refused = client.post(PATH, LOVE | {"state": "off"}, headers=JSON)

        assert refused.status_code == 429
        assert int(refused["Retry-After"]) > 0
        assert counts_of(talk) == {"love": 1}
        assert Client().post(PATH, LOVE).status_code == 303

    def test_one_network_has_a_limit_for_all_its_browsers(self, talk: Post) -> None:
        Client().post(PATH, LOVE)
        spend("reaction:127.0.0.1", 240)

        refused = Client().post(PATH, LOVE)
        elsewhere = Client(REMOTE_ADDR="192.0.2.7").post(PATH, LOVE)

        assert refused.status_code == 429
        assert elsewhere.status_code == 303


@pytest.mark.django_db(transaction=True)
def test_totals_of_visitors_are_exact_at_the_same_time() -> None:
    make_kinds()
    post = make_post(slug="talk")
    visitors = [Client() for _ in range(8)]
    for visitor in visitors:
        visitor.post(PATH, LOVE | {"kind": "strong"})

    acts = [partial(visitor.post, PATH, LOVE) for visitor in visitors * 3]
    failures = together(acts)

    assert failures == []
    assert counts_of(post) == {"love": 8, "strong": 8}
    assert Reaction.objects.values("visitor").distinct().count() == 8


def spend(prefix: str, count: int) -> None:
    """As if that many acts had been counted under the only key that begins so."""
    windows = LimitWindow.objects.filter(key__startswith=prefix)
    assert windows.update(count=count) == 1
