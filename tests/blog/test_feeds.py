from __future__ import annotations

import time
from datetime import timedelta

import feedparser
import pytest
from django.test import Client
from django.utils import timezone
from django.utils.http import http_date

from blog import services
from tests.factories import make_author, make_post

pytestmark = pytest.mark.django_db

FEEDS = ["/feeds/rss.xml", "/feeds/atom.xml"]


@pytest.mark.parametrize("path", FEEDS)
class TestFeeds:
    def test_holds_the_full_text_with_absolute_links(
        self, client: Client, path: str
    ) -> None:
        make_post(
            title="A & B",
            body="See [home](/) and ![x](/media/none.png).\n\n```python\nx = 1\n```",
            tags=["Feeds"],
            author=make_author(display_name="Mara Lind"),
        )

        feed = feedparser.parse(client.get(path).content)
        (entry,) = feed.entries

        assert not feed.bozo
        assert entry.title == "A & B"
        assert entry.link == "http://127.0.0.1:8000/posts/a-b/"
        assert 'href="http://127.0.0.1:8000/"' in entry.content[0].value
        assert "<button" not in entry.content[0].value
        assert [tag.term for tag in entry.tags] == ["Feeds"]

    @pytest.mark.parametrize(
        ("link", "target"),
        [
            ("other/", "/posts/here/other/"),
            ("../there/", "/posts/there/"),
            ("?page=2", "/posts/here/?page=2"),
            ("#part", "/posts/here/#part"),
            ("/tags/", "/tags/"),
        ],
    )
    def test_links_lead_where_those_of_the_page_lead(
        self, client: Client, path: str, link: str, target: str
    ) -> None:
        make_post(
            slug="here", body=f"See [it]({link}).\n\n## Part\n\nText.[^1]\n\n[^1]: x"
        )

        (entry,) = feedparser.parse(client.get(path).content).entries

        text = entry.content[0].value
        assert f'href="http://127.0.0.1:8000{target}"' in text
        assert 'href="http://127.0.0.1:8000/posts/here/#fn' in text

    def test_id_survives_a_new_slug(self, client: Client, path: str) -> None:
        post = make_post()
        before = feedparser.parse(client.get(path).content).entries[0].id

        services.save_post(post, editor=None, slug="quite-another")

        assert feedparser.parse(client.get(path).content).entries[0].id == before

    def test_hides_what_is_not_listed(self, client: Client, path: str) -> None:
        make_post(published_at=None)
        make_post(published_at=timezone.now() + timedelta(hours=1))
        make_post(listed=False)

        assert feedparser.parse(client.get(path).content).entries == []

    def test_known_feed_is_304(self, client: Client, path: str) -> None:
        make_post()
        etag = client.get(path)["ETag"]

        response = client.get(path, headers={"If-None-Match": etag})

        assert (response.status_code, response.content) == (304, b"")

    def test_feed_is_known_by_its_etag_alone(self, client: Client, path: str) -> None:
        make_post()
        withdrawn = make_post()
        first = client.get(path)
        services.unpublish_post(withdrawn)

        response = client.get(
            path, headers={"If-Modified-Since": http_date(time.time())}
        )

        assert "Last-Modified" not in first.headers
        assert response.status_code == 200
        assert len(feedparser.parse(response.content).entries) == 1

    def test_host_header_is_not_reflected(self, client: Client, path: str) -> None:
        make_post()

        response = client.get(path, headers={"Host": "localhost"})

        assert b"localhost" not in response.content

    def test_characters_that_xml_forbids_do_not_break_it(
        self, client: Client, path: str
    ) -> None:
        make_post(title="Bell \x07 rings", body="Escape \x1b here")

        response = client.get(path)

        assert response.status_code == 200
        assert not feedparser.parse(response.content).bozo


def test_sitemap_lists_public_pages_alone(client: Client) -> None:
    post = make_post(tags=["maps"])
    make_post(slug="draft", published_at=None)

    text = client.get("/sitemap.xml").content.decode()

    assert f"<loc>http://127.0.0.1:8000/posts/{post.slug}/</loc>" in text
    assert "<loc>http://127.0.0.1:8000/tags/maps/</loc>" in text
    assert "draft" not in text


def test_sitemap_page_that_does_not_exist_is_404(client: Client) -> None:
    assert client.get("/sitemap.xml?page=2").status_code == 404
