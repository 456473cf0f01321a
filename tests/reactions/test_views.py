from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from blog import services as blog_services
from blog.models import Post, PostStats
from comments import moderation
from reactions.models import Reaction, ReactionKind
from tests.conftest import Member, signed_in, without_mark
from tests.factories import make_comment, make_kinds, make_post, make_stranger

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}
LOVE = {"kind": "love", "state": "on"}


@pytest.fixture(autouse=True)
def kinds() -> dict[str, ReactionKind]:
    return make_kinds()


def counts_of(post: Post) -> dict[str, int]:
    return dict(PostStats.objects.get(post=post).reaction_counts)


class TestPostReactions:
    def test_page_has_a_button_for_each_kind(self, member_client: Member) -> None:
        make_post(slug="talk")
        member_client.post("/posts/talk/reactions/", LOVE)

        response = member_client.get("/posts/talk/reactions/")
        page = response.content.decode()

        assert page.count('name="csrfmiddlewaretoken"') == 3
        assert page.count('aria-pressed="true"') == 1
        assert page.count('name="state" value="off"') == 1
        assert "no-store" in response.headers["Cache-Control"]

    def test_set_and_unset(self, member_client: Member) -> None:
        post = make_post(slug="talk")

        on = member_client.post("/posts/talk/reactions/", LOVE)
        assert counts_of(post) == {"love": 1}
        member_client.post("/posts/talk/reactions/", LOVE | {"state": "off"})

        assert on.status_code == 303
        assert without_mark(on["Location"]) == "/posts/talk/#reactions"
        assert counts_of(post) == {}

    def test_every_kind_can_be_given_beside_the_others(
        self, member_client: Member
    ) -> None:
        post = make_post(slug="talk")

        for slug in ("love", "strong", "disagree"):
            member_client.post("/posts/talk/reactions/", {"kind": slug, "state": "on"})

        assert counts_of(post) == {"love": 1, "strong": 1, "disagree": 1}

    def test_script_gets_the_counts(self, member_client: Member) -> None:
        make_post(slug="talk")

        response = member_client.post("/posts/talk/reactions/", LOVE, headers=JSON)

        said = response.json()
        assert without_mark(said.pop("url")) == "/posts/talk/#reactions"
        assert said == {
            "counts": {"love": 1},
            "reactions": ["love"],
        }

    @pytest.mark.parametrize(
        ("data", "field"),
        [
            ({"kind": "fury", "state": "on"}, "kind"),
            ({"kind": "a\0b", "state": "on"}, "kind"),
            ({"kind": "love", "state": "maybe"}, "state"),
            ({"kind": "love"}, "state"),
            ({"state": "on"}, "kind"),
        ],
    )
    def test_nonsense_is_refused(
        self, member_client: Member, data: dict[str, str], field: str
    ) -> None:
        make_post(slug="talk")

        plain = member_client.post("/posts/talk/reactions/", data)
        as_json = member_client.post("/posts/talk/reactions/", data, headers=JSON)

        assert plain.status_code == as_json.status_code == 422
        assert list(as_json.json()["errors"]) == [field]
        assert not Reaction.objects.exists()

    def test_unconfirmed_member_may_not(self) -> None:
        make_post(slug="talk")
        client = signed_in(make_stranger())

        assert client.post("/posts/talk/reactions/", LOVE).status_code == 403

    @pytest.mark.parametrize(
        "change", [blog_services.delete_post, blog_services.unpublish_post]
    )
    def test_post_that_went_away_is_not_found(
        self, member_client: Member, change: Callable[[Post], Post]
    ) -> None:
        change(make_post(slug="talk"))

        response = member_client.post("/posts/talk/reactions/", LOVE)

        assert response.status_code == 404

    def test_old_slug_redirects_and_takes_posts(self, member_client: Member) -> None:
        post = make_post(slug="old")
        blog_services.save_post(Post.objects.get(pk=post.pk), editor=None, slug="new")

        looked = member_client.get("/posts/old/reactions/")
        acted = member_client.post("/posts/old/reactions/", LOVE)

        assert looked["Location"] == "/posts/new/reactions/"
        assert without_mark(acted["Location"]) == "/posts/new/#reactions"

    def test_is_limited(self, member_client: Member) -> None:
        make_post(slug="talk")
        answers = [
            member_client.post("/posts/talk/reactions/", LOVE).status_code
            for _ in range(61)
        ]

        assert answers == [303] * 60 + [429]

    def test_other_methods_are_refused(self, member_client: Member) -> None:
        make_post(slug="talk")

        assert member_client.delete("/posts/talk/reactions/").status_code == 405


class TestCommentReactions:
    def test_set_and_land_at_the_comment(self, member_client: Member) -> None:
        comment = make_comment(make_post(slug="talk"))
        url = f"/comments/{comment.public_id}/reactions/"
        assert member_client.get(url).status_code == 200

        response = member_client.post(url, LOVE)

        comment.refresh_from_db()
        landed = without_mark(response["Location"])
        assert landed == f"/posts/talk/#comment-{comment.public_id}"
        assert comment.reaction_counts == {"love": 1}

    def test_hidden_comment_is_not_found(self, member_client: Member) -> None:
        comment = moderation.delete_comment(make_comment())

        response = member_client.post(f"/comments/{comment.public_id}/reactions/", LOVE)

        assert response.status_code == 404


class TestKindsAtTheDesk:
    def test_owner_adds_a_kind_and_cannot_change_its_slug(
        self, owner_client: Member
    ) -> None:
        data = {
            "slug": "wow",
            "emoji": "😮",
            "label": "Wow",
            "weight": 0,
            "position": 9,
        }
        owner_client.post("/admin/reactions/reactionkind/add/", data)
        kind = ReactionKind.objects.get(slug="wow")

        owner_client.post(
            f"/admin/reactions/reactionkind/{kind.pk}/change/",
            data | {"slug": "ow", "label": "Wow!"},
        )

        kind.refresh_from_db()
        assert (kind.slug, kind.label) == ("wow", "Wow!")

    def test_kind_in_use_cannot_be_deleted(
        self,
        owner_client: Member,
        member_client: Member,
        kinds: dict[str, ReactionKind],
    ) -> None:
        make_post(slug="talk")
        member_client.post("/posts/talk/reactions/", LOVE)

        for slug, status in (("love", 403), ("strong", 302)):
            response = owner_client.post(
                f"/admin/reactions/reactionkind/{kinds[slug].pk}/delete/",
                {"post": "yes"},
            )
            assert response.status_code == status
