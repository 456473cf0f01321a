"""Earlier versions, and links to a draft."""

from __future__ import annotations

import pytest
from django.test import Client

from blog import services
from tests.blog.desk import address, make_post, typed, user_of
from tests.conftest import Member

pytestmark = pytest.mark.django_db


class TestHistory:
    def test_every_save_is_listed(self, author_client: Member) -> None:
        post = make_post(user_of(author_client))
        author_client.post(address(post), typed(post, body="Second"))

        page = author_client.get(address(post, "history/")).content

        assert b"Version 1" in page
        assert b"Version 2" in page

    def test_shows_what_changed(self, author_client: Member) -> None:
        post = make_post(user_of(author_client), body="One word <b>stays</b>.")
        author_client.post(address(post), typed(post, body="Two word <b>stays</b>."))

        page = author_client.get(address(post, "history/2/")).content.decode()

        assert "<mark>One</mark> word &lt;b&gt;stays" in page
        assert "<mark>Two</mark>" in page

    def test_restores_old_words_as_a_new_save(self, author_client: Member) -> None:
        post = make_post(user_of(author_client), body="Old")
        author_client.post(address(post), typed(post, body="New"))

        author_client.post(address(post, "history/1/"))

        post.refresh_from_db()
        assert (post.body, post.version) == ("Old", 3)
        assert "Old" in post.body_html

    def test_unknown_versions_do_not_exist(self, author_client: Member) -> None:
        post = make_post(user_of(author_client))

        assert author_client.get(address(post, "history/9/")).status_code == 404


class TestPreviewLink:
    def test_is_made_with_a_save_and_revoked(
        self, author_client: Member, client: Client
    ) -> None:
        post = make_post(user_of(author_client))

        author_client.post(address(post), typed(post, _preview_link=""))

        link = post.preview_links.get()
        page = author_client.get(address(post)).content.decode()
        assert link.token in page
        assert client.get(f"/preview/{link.token}/").status_code == 200
        post.refresh_from_db()
        revoked = author_client.post(
            address(post), typed(post, body="Unsaved", _revoke="")
        )
        assert b"Unsaved" in revoked.content
        assert client.get(f"/preview/{link.token}/").status_code == 404

    def test_is_offered_for_drafts_only(self, author_client: Member) -> None:
        post = services.publish_post(make_post(user_of(author_client)))

        page = author_client.get(address(post)).content

        assert b"_preview_link" not in page
        assert f'href="/posts/{post.slug}/?after='.encode() in page
