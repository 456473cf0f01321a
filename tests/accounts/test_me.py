from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.visitors import COOKIE
from blog import services as blog_services
from comments import moderation
from reactions.services import set_reaction
from tests.conftest import Member, signed_in
from tests.factories import make_comment, make_kinds, make_post, make_user

if TYPE_CHECKING:
    from blog.models import Post

pytestmark = pytest.mark.django_db


def ask(client: Client, query: str = "") -> dict[str, Any]:
    response = client.get(f"/me/{query}")
    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]
    answer: dict[str, Any] = response.json()
    return answer


class TestMe:
    def test_stranger_is_told_that_nobody_is_there(self, client: Client) -> None:
        make_post(slug="talk")

        answer = ask(client, "?post=talk")

        assert answer.pop("csrf")
        assert answer == {
            "user": None,
            "notifications": 0,
            "post": {"reactions": [], "side": None, "can_edit": False},
            "comments": {},
        }

    def test_member_is_named(self) -> None:
        client = signed_in(make_user(handle="ada", display_name="Ada L."))

        answer = ask(client)

        assert answer["user"] == {"handle": "ada", "name": "Ada L.", "url": "/@ada/"}
        assert answer["post"] is None

    def test_own_reactions_and_comments_are_told(self, member_client: Member) -> None:
        post = make_post(slug="talk")
        user, kinds = member_client.user, make_kinds()
        mine, liked, other = make_comment(post, author=user), *two_comments(post)
        set_reaction(kind=kinds["strong"], user=user, post=post, is_on=True)
        set_reaction(kind=kinds["love"], user=user, post=post, is_on=True)
        set_reaction(kind=kinds["love"], user=user, comment=liked, is_on=True)
        set_reaction(kind=kinds["love"], user=make_user(), comment=other, is_on=True)

        answer = ask(member_client, "?post=talk")

        assert answer["post"]["reactions"] == ["love", "strong"]
        assert answer["comments"] == {
            mine.public_id: {"reactions": [], "can_edit": True, "state": "visible"},
            liked.public_id: {
                "reactions": ["love"],
                "can_edit": False,
                "state": "visible",
            },
        }

    def test_own_deleted_comment_cannot_be_edited(self, member_client: Member) -> None:
        post = make_post(slug="talk")
        mine = make_comment(post, author=member_client.user)
        moderation.delete_comment(mine)

        answer = ask(member_client, "?post=talk")

        assert answer["comments"][mine.public_id] == {
            "reactions": [],
            "can_edit": False,
            "state": "deleted",
        }

    def test_without_a_post_all_own_comments_are_told(
        self, member_client: Member
    ) -> None:
        mine = [make_comment(author=member_client.user) for _ in range(2)]
        make_comment()

        answer = ask(member_client)

        assert set(answer["comments"]) == {comment.public_id for comment in mine}

    def test_comments_of_other_posts_stay_away(self, member_client: Member) -> None:
        make_post(slug="talk")
        make_comment(author=member_client.user)

        assert ask(member_client, "?post=talk")["comments"] == {}

    @pytest.mark.parametrize("slug", ["never", "draft", "gone", "a%00b", "x" * 3000])
    def test_post_that_is_not_public_is_none(
        self, author_client: Member, slug: str
    ) -> None:
        make_post(slug="draft", author=author_client.user, published_at=None)
        blog_services.delete_post(make_post(slug="gone"))

        answer = ask(author_client, f"?post={slug}")

        assert answer["post"] is None
        assert answer["comments"] == {}

    def test_author_editor_and_owner_can_edit(
        self,
        author_client: Member,
        editor_client: Member,
        owner_client: Member,
        moderator_client: Member,
    ) -> None:
        make_post(slug="mine", author=author_client.user)
        make_post(slug="other")

        def can_edit(client: Client, slug: str) -> bool:
            return bool(ask(client, f"?post={slug}")["post"]["can_edit"])

        assert can_edit(author_client, "mine")
        assert not can_edit(author_client, "other")
        assert can_edit(editor_client, "other")
        assert can_edit(owner_client, "other")
        assert not can_edit(moderator_client, "other")

    @pytest.mark.parametrize(
        "role", ["member_client", "author_client", "editor_client", "owner_client"]
    )
    def test_costs_at_most_six_queries(
        self, role: str, request: pytest.FixtureRequest
    ) -> None:
        client = request.getfixturevalue(role)
        post = make_post(slug="talk")
        kinds = make_kinds()
        for _ in range(5):
            comment = make_comment(post, author=client.user)
            for kind in kinds.values():
                set_reaction(kind=kind, user=client.user, comment=comment, is_on=True)

        with CaptureQueriesContext(connection) as queries:
            answer = ask(client, "?post=talk")

        assert len(answer["comments"]) == 5
        assert len(queries) <= 6

    def test_visitor_is_nobody_with_reactions(self, client: Client) -> None:
        post, kinds = make_post(slug="talk"), make_kinds()
        liked = make_comment(post)
        client.post("/posts/talk/reactions/", {"kind": "strong", "state": "on"})
        set_reaction(
            kind=kinds["love"], visitor=visitor_in(client), comment=liked, is_on=True
        )
        set_reaction(kind=kinds["love"], visitor=uuid4(), comment=liked, is_on=True)

        answer = ask(client, "?post=talk")

        assert answer["user"] is None
        assert answer["post"] == {
            "reactions": ["strong"],
            "side": None,
            "can_edit": False,
        }
        assert answer["comments"] == {
            liked.public_id: {
                "reactions": ["love"],
                "can_edit": False,
                "state": "visible",
            }
        }

    def test_only_looking_is_allowed(self, client: Client) -> None:
        assert client.post("/me/").status_code == 405

    def test_token_of_the_answer_lets_a_script_act(self) -> None:
        make_post(slug="talk")
        make_kinds()
        client = Client(enforce_csrf_checks=True)
        client.force_login(make_user())

        response = client.post(
            "/posts/talk/reactions/",
            {"kind": "love", "state": "on"},
            HTTP_ACCEPT="application/json",
            HTTP_X_CSRFTOKEN=ask(client)["csrf"],
        )

        assert response.status_code == 200


def visitor_in(client: Client) -> UUID:
    return UUID(client.cookies[COOKIE].value.split(":")[0])


def two_comments(post: Post) -> tuple[Any, Any]:
    return make_comment(post), make_comment(post)
