"""What machines read in a page: microformats, linked data, OpenGraph, canonical."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import mf2py
import pytest
from django.test import Client

from blog.models import Post
from core.models import SiteSettings
from tests.factories import make_author, make_comment, make_post

pytestmark = pytest.mark.django_db

ORIGIN = "http://127.0.0.1:8000"


def page_of(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def items(page: str, kind: str) -> list[dict[str, Any]]:
    found = mf2py.parse(doc=page, url=ORIGIN)["items"]
    return [item for item in found if kind in item["type"]]


def meta(page: str, name: str) -> str:
    found = re.search(rf'<meta (?:property|name)="{name}"\s+content="([^"]*)"', page)
    assert found, name
    return found[1]


class TestArticle:
    def test_is_an_h_entry(self, client: Client) -> None:
        author = make_author(handle="mara", display_name="Mara Lind")
        make_post(author=author, slug="rows", title="On rows", tags=["SQL"])

        (entry,) = items(page_of(client, "/posts/rows/"), "h-entry")
        properties = entry["properties"]

        assert properties["name"] == ["On rows"]
        assert properties["url"][0] == f"{ORIGIN}/posts/rows/"
        assert properties["category"] == ["SQL"]
        assert properties["author"][0]["properties"]["name"] == ["Mara Lind"]
        assert len(properties["published"]) == 1
        assert "Words of post" in properties["content"][0]["html"]

    def test_has_linked_data_that_no_title_can_end(self, client: Client) -> None:
        make_post(slug="rows", title="</script><script>alert(1)</script>")

        page = page_of(client, "/posts/rows/")
        data = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)

        assert data
        article = json.loads(data[1])
        assert article["@type"] == "BlogPosting"
        assert article["headline"] == "</script><script>alert(1)</script>"
        assert article["url"] == f"{ORIGIN}/posts/rows/"
        assert "<script>alert" not in page

    def test_names_its_own_address(self, client: Client) -> None:
        make_post(slug="rows", title="On rows", summary="About rows.")

        page = page_of(client, "/posts/rows/")

        assert f'<link rel="canonical" href="{ORIGIN}/posts/rows/">' in page
        assert meta(page, "og:url") == f"{ORIGIN}/posts/rows/"
        assert meta(page, "og:title") == "On rows"
        assert meta(page, "description") == "About rows."
        assert meta(page, "og:image").startswith(ORIGIN)

    def test_names_where_it_appeared_first(self, client: Client) -> None:
        make_post(slug="rows", canonical_url="https://elsewhere.example/rows")

        page = page_of(client, "/posts/rows/")

        assert '<link rel="canonical" href="https://elsewhere.example/rows">' in page


@pytest.mark.parametrize("path", ["/", "/tags/sql/", "/@mara/"])
def test_lists_are_feeds_of_entries(client: Client, path: str) -> None:
    author = make_author(handle="mara")
    make_post(
        author=author, slug="rows", title="On rows", summary="Short.", tags=["SQL"]
    )

    (feed,) = items(page_of(client, path), "h-feed")
    (entry,) = [item for item in feed["children"] if "h-entry" in item["type"]]

    assert entry["properties"]["name"] == ["On rows"]
    assert entry["properties"]["summary"] == ["Short."]
    assert entry["properties"]["url"][0] == f"{ORIGIN}/posts/rows/"
    assert len(entry["properties"]["published"]) == 1


@pytest.mark.parametrize(
    ("description", "said"),
    [("", "Notes on building things that last"), ("About rows.", "About rows.")],
)
def test_home_describes_itself(client: Client, description: str, said: str) -> None:
    SiteSettings.objects.create(pk=1, description=description)

    page = page_of(client, "/")

    assert meta(page, "description") == said
    assert meta(page, "og:description") == said


@pytest.mark.parametrize("path", ["/", "/posts/rows/", "/sitemap.xml"])
def test_moments_are_to_the_second(client: Client, path: str) -> None:
    moment = datetime(2024, 11, 24, 23, 49, 31, 966682, tzinfo=UTC)
    comment = make_comment(make_post(slug="rows"))
    type(comment).objects.update(created_at=moment)
    Post.objects.update(published_at=moment, updated_at=moment)

    page = page_of(client, path)

    assert "2024-11-24T23:49:31+00:00" in page
    assert "23:49:31." not in page
