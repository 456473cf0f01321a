"""Who may do what at the desk, and what becomes of what they typed."""

from __future__ import annotations

import pytest
from django.test import Client

from blog import services
from blog.models import Post
from tests import factories
from tests.blog.desk import ADD, LIST, address, make_post, typed, user_of
from tests.conftest import Member

pytestmark = pytest.mark.django_db


class TestWhose:
    @pytest.mark.parametrize("rest", ["change/", "history/", "delete/", "history/1/"])
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_others_posts_do_not_exist_for_authors(
        self, author_client: Member, rest: str, method: str
    ) -> None:
        post = make_post(factories.make_author(), title="Secret title")
        ask = getattr(author_client, method)

        response = ask(address(post, rest), typed(post, title="Mine") | {"post": "yes"})

        post.refresh_from_db()
        assert response.status_code == 404
        assert b"Secret title" not in response.content
        assert (post.title, post.version, post.deleted_at) == ("Secret title", 1, None)

    @pytest.mark.parametrize(
        "action", ["publish", "unpublish", "delete_selected", "restore"]
    )
    def test_bulk_actions_do_not_reach_others_posts(
        self, author_client: Member, action: str
    ) -> None:
        post = make_post(factories.make_author())
        make_post(user_of(author_client))

        author_client.post(
            LIST,
            {
                "action": action,
                "_selected_action": [post.pk],
                "confirmed": "yes",
                "post": "yes",
            },
        )

        post.refresh_from_db()
        assert (post.published_at, post.deleted_at) == (None, None)

    def test_authors_see_only_their_own(self, author_client: Member) -> None:
        make_post(user_of(author_client), title="Of mine")
        make_post(factories.make_author(), title="Of theirs")

        page = author_client.get(LIST).content

        assert b"Of mine" in page
        assert b"Of theirs" not in page

    def test_editors_change_all(self, editor_client: Member) -> None:
        post = make_post(factories.make_author())
        handle = str(post.bylines.get().user)

        editor_client.post(
            address(post), typed(post, body="Better", authors=handle, featured="on")
        )

        post.refresh_from_db()
        assert post.body == "Better"
        assert post.featured_at
        assert str(post.bylines.get().user) == handle
        editor = post.revisions.order_by("-version")[0].editor
        assert editor == user_of(editor_client)

    def test_editors_name_authors_in_order(self, editor_client: Member) -> None:
        first, second = factories.make_author(), factories.make_author()

        editor_client.post(ADD, typed(authors=f"@{second.handle}, {first.handle}"))

        post = Post.objects.get()
        assert [byline.user for byline in post.bylines.all()] == [second, first]

    @pytest.mark.parametrize("authors", ["", "@nobody_is_this"])
    def test_authors_have_to_exist(self, editor_client: Member, authors: str) -> None:
        assert editor_client.post(ADD, typed(authors=authors)).status_code == 422

    @pytest.mark.parametrize("url", [ADD, LIST, "/admin/"])
    def test_strangers_are_led_to_the_door(self, client: Client, url: str) -> None:
        response = client.get(url, follow=True)

        assert response.redirect_chain[-1] == (f"/accounts/login/?next={url}", 302)

    def test_what_the_signed_out_typed_comes_back(self, client: Client) -> None:
        post = make_post(factories.make_author())

        for url in (ADD, address(post)):
            response = client.post(url, typed(title="T1", summary="S2", body="B3"))

            assert response.status_code == 403
            assert f"/accounts/login/?next={url.replace('/', '%2F')}" in response.text
            for word in ("T1", "S2", "B3"):
                assert word in response.text
        assert Post.objects.get().version == 1

    def test_signing_out_twice_is_no_refusal(self, client: Client) -> None:
        assert client.post("/admin/logout/").status_code == 302

    def test_a_stale_token_keeps_title_and_summary(self, author_client: Member) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = author_client.cookies

        response = strict.post(ADD, typed(title="T1", summary="S2", body="B3"))

        assert response.status_code == 403
        for word in ("T1", "S2", "B3"):
            assert word in response.text

    def test_who_is_no_author_any_more_keeps_the_words(
        self, author_client: Member
    ) -> None:
        post = make_post(user_of(author_client), title="Ours")
        services.set_authors(post, [factories.make_author()])

        response = author_client.post(address(post), typed(post, body="B3"))

        assert response.status_code == 404
        assert "B3" in response.text

    @pytest.mark.parametrize("url", [ADD, LIST, "/admin/"])
    def test_members_are_not_let_in(self, member_client: Member, url: str) -> None:
        response = member_client.post(url, typed(body="Precious"), follow=True)

        assert response.status_code == 403
        assert "Precious" in response.text
        assert not Post.objects.exists()

    def test_moderators_write_nothing(self, moderator_client: Member) -> None:
        assert moderator_client.post(ADD, typed()).status_code == 403


def test_nobody_reads_waiting_mail_at_the_desk(owner_client: Member) -> None:
    index = owner_client.get("/admin/").text

    assert "procrastinate" not in index.lower()
    path = "/admin/procrastinate/procrastinatejob/"
    assert owner_client.get(path).status_code == 404
