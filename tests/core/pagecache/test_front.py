from __future__ import annotations

import gzip
from ipaddress import ip_network

import brotli
import pytest
from pytest_django import Settings

from blog import services
from blog.models import Post
from core.pagecache.codings import DECOMPRESS
from tests.core.pagecache.conftest import Site
from tests.factories import make_post

HTML = "text/html; charset=utf-8"


class TestPublicPage:
    def test_second_reader_gets_the_bytes_of_the_first(self, site: Site) -> None:
        make_post(slug="here", title="Once")

        first = site.get("/posts/here/")
        second = site.get("/posts/here/")

        assert (first.status, first.cache) == (200, "fwd=miss")
        assert (second.status, second.cache) == (200, "hit")
        assert first.body == second.body
        assert second.headers["content-type"] == HTML
        assert second.headers["cache-control"] == "public, max-age=0, must-revalidate"
        assert second.headers["vary"] == "Accept-Encoding"

    def test_cookies_change_nothing(self, site: Site) -> None:
        stranger = site.get("/")

        member = site.get("/", {"Cookie": "session=x; byline_known=1"})

        assert member.body == stranger.body
        assert member.cache == "hit"
        assert "set-cookie" not in member.headers

    def test_tags_say_what_is_shown(self, site: Site) -> None:
        post = make_post(slug="here", tags=["Python"])

        tags = set(site.get("/posts/here/").headers["surrogate-key"].split())

        tag = post.tags.get()
        author = post.bylines.get().user
        assert {"site", "list"} <= tags
        assert {f"post:{post.pk}", f"tag:{tag.pk}", f"user:{author.pk}"} <= tags

    def test_what_does_not_matter_is_one_page(self, site: Site) -> None:
        site.get("/")

        for query in ("page=1", "utm=x", "page=", "x=1&page=1", "&".join("x" * 99)):
            assert site.get(f"/?{query}").cache == "hit", query

    def test_unknown_value_is_not_kept(self, site: Site) -> None:
        make_post()
        answers = [site.get("/?page=all") for _ in range(2)]

        assert [(a.status, a.cache) for a in answers] == [(404, "")] * 2
        assert len(site.front.store) == 0

    def test_head_comes_from_get(self, site: Site) -> None:
        page = site.get("/")

        head = site.get("/", method="HEAD")

        assert (head.status, head.body, head.cache) == (200, b"", "hit")
        assert head.headers["content-length"] == str(len(page.body))

    def test_old_address_redirects_from_memory(self, site: Site) -> None:
        post = make_post(slug="old")
        services.save_post(Post.objects.get(pk=post.pk), editor=None, slug="new")
        site.get("/posts/old/")

        again = site.get("/posts/old/")

        assert (again.status, again.headers["location"]) == (301, "/posts/new/")
        assert again.cache == "hit"

    def test_each_coding_holds_the_page(self, site: Site) -> None:
        make_post(slug="long", body="word " * 500)
        plain = site.get("/posts/long/")

        for coding in ("br", "zstd", "gzip"):
            packed = site.get("/posts/long/", {"Accept-Encoding": coding})
            assert packed.headers["content-encoding"] == coding
            assert DECOMPRESS[coding](packed.body) == plain.body
            assert packed.headers["etag"] != plain.headers["etag"]
            assert packed.cache == "hit"

    def test_known_page_is_304(self, site: Site) -> None:
        etag = site.get("/").headers["etag"]

        for wanted in ("{etag}", '"x", W/{etag}', "*"):
            known = site.get("/", {"If-None-Match": wanted.format(etag=etag)})
            assert (known.status, known.body) == (304, b"")
            assert known.headers["etag"] == etag
            assert known.headers["cache-control"].startswith("public")

    def test_other_etag_gets_the_page(self, site: Site) -> None:
        site.get("/")

        assert site.get("/", {"If-None-Match": '"other"'}).status == 200

    def test_other_methods_reach_django(self, site: Site) -> None:
        assert site.get("/", method="OPTIONS").status == 405


class TestHosts:
    @pytest.mark.parametrize("path", ["/", "/me/", "/health/live"])
    def test_strangers_are_refused(self, site: Site, path: str) -> None:
        for host in ("evil.example", "", "localhost:x", "a b", "localhost@evil"):
            assert site.get(path, {"Host": host}).status == 400, host

    def test_one_host_is_one_page(self, site: Site) -> None:
        site.get("/")

        for host in ("LOCALHOST", "localhost:8000", "localhost."):
            assert site.get("/", {"Host": host}).cache == "hit", host

    def test_absolute_target_counts_before_the_header(self, site: Site) -> None:
        assert site.get("http://evil.example/").status == 400
        assert site.get("http://localhost/", {"Host": "evil.example"}).status == 200
        assert site.get("*").status == 400


class TestSchemes:
    def test_strangers_word_is_not_taken(self, site: Site) -> None:
        site.get("/")

        assert site.get("/", {"X-Forwarded-Proto": "https"}).cache == "hit"

    def test_known_proxy_is_believed(self, site: Site, settings: Settings) -> None:
        settings.TRUSTED_PROXIES = [ip_network("127.0.0.0/8")]
        settings.SECURE_HSTS_SECONDS = 60
        site.get("/")

        secure = site.get("/", {"X-Forwarded-Proto": "https"})

        assert secure.cache == "fwd=miss"


def test_live_needs_no_thread(site: Site) -> None:
    site.front._threads.close()

    live = site.get("/health/live")

    assert (live.status, live.text) == (200, '{"status": "live"}')


def test_private_page_is_not_kept(site: Site) -> None:
    answers = [site.get("/me/") for _ in range(2)]

    assert [answer.status for answer in answers] == [200, 200]
    assert len(site.front.store) == 0


def test_compressed_once(site: Site) -> None:
    make_post(slug="long", body="word " * 500)
    first = site.get("/posts/long/", {"Accept-Encoding": "gzip, br"})
    second = site.get("/posts/long/", {"Accept-Encoding": "gzip"})

    assert brotli.decompress(first.body) == gzip.decompress(second.body)
