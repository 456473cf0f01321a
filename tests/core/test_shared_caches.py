from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.exceptions import ImproperlyConfigured

from core.shared_caches import (
    Cloudflare,
    Fastly,
    PurgeError,
    SharedCache,
    Varnish,
    shared_cache,
)

TOKEN = "s3cret-Token"


@dataclass
class Provider:
    """A server that records what it is asked, and answers as it is told to."""

    url: str = ""
    status: int = 200
    answer: bytes = b'{"success": true, "errors": [], "result": {"id": "1"}}'
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def provider() -> Iterator[Provider]:
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            provider.asked.append((self.command, self.path, headers, body))
            self.send_response(provider.status)
            self.send_header("Content-Length", str(len(provider.answer)))
            self.end_headers()
            self.wfile.write(provider.answer)

        do_POST = do_BAN = answer  # noqa: N815

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield provider
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("url", "cache"),
    [
        ("", None),
        ("varnish://127.0.0.1", Varnish("http://127.0.0.1:6081")),
        ("varnish://cache.example:80/", Varnish("http://cache.example:80")),
        ("varnish://[::1]:6081", Varnish("http://[::1]:6081")),
        ("fastly://Ab-1@SU1Z0is", Fastly("Ab-1", "SU1Z0is")),
        ("cloudflare://a%2Bb@023e105f", Cloudflare("a+b", "023e105f")),
    ],
)
def test_one_address_names_the_cache(url: str, cache: SharedCache | None) -> None:
    assert shared_cache(url) == cache


@pytest.mark.parametrize(
    "url",
    [
        f"fastly://{TOKEN}",
        f"fastly://{TOKEN}@a/b",
        f"fastly://{TOKEN}%0d%0aX:1@abc",
        f"cloudflare://:{TOKEN}@abc",
        f"varnish://{TOKEN}@127.0.0.1",
        f"varnish://127.0.0.1:{TOKEN}",
        "varnish://",
        "varnish://127.0.0.1/path",
        f"akamai://{TOKEN}@abc",
        TOKEN,
    ],
)
def test_wrong_address_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        shared_cache(url)

    assert "BYLINE_PURGE" in str(refused.value)
    assert TOKEN not in str(refused.value)


def test_fastly_purges_softly_by_surrogate_key(provider: Provider) -> None:
    Fastly(TOKEN, "SU1Z0is", provider.url).purge({"post:5", "list"})

    [(method, path, headers, body)] = provider.asked
    assert (method, path) == ("POST", "/service/SU1Z0is/purge")
    assert headers["fastly-key"] == TOKEN
    assert headers["fastly-soft-purge"] == "1"
    assert headers["content-type"] == "application/json"
    assert json.loads(body) == {"surrogate_keys": ["list", "post:5"]}


def test_cloudflare_purges_by_tag(provider: Provider) -> None:
    Cloudflare(TOKEN, "023e105f", provider.url).purge({"post:5", "list"})

    [(method, path, headers, body)] = provider.asked
    assert (method, path) == ("POST", "/client/v4/zones/023e105f/purge_cache")
    assert headers["authorization"] == f"Bearer {TOKEN}"
    assert headers["content-type"] == "application/json"
    assert json.loads(body) == {"tags": ["list", "post:5"]}


def test_varnish_bans_by_pattern(provider: Provider) -> None:
    Varnish(provider.url).purge({"post:5", "post:*"})

    [(method, path, headers, _)] = provider.asked
    assert (method, path) == ("BAN", "/")
    assert headers["surrogate-key-pattern"] == r"(^|\s)(post:\*|post:5)(\s|$)"


@pytest.mark.parametrize(("kind", "count"), [(Fastly, 4), (Cloudflare, 10)])
def test_many_tags_go_in_requests_of_the_size_that_is_taken(
    provider: Provider, kind: type[Fastly | Cloudflare], count: int
) -> None:
    cache = kind(TOKEN, "abc", provider.url)

    cache.purge({f"post:{n}" for n in range(1000)})

    sent = [next(iter(json.loads(body).values())) for *_, body in provider.asked]
    assert len(sent) == count
    assert max(map(len, sent)) <= cache.batch
    assert len({tag for tags in sent for tag in tags}) == 1000


@pytest.mark.parametrize(
    ("kind", "status", "answer"),
    [
        (Fastly, 401, TOKEN.encode()),
        (Fastly, 429, b""),
        (Cloudflare, 403, TOKEN.encode()),
        (Cloudflare, 200, b'{"success": false, "errors": []}'),
        (Cloudflare, 200, b"<html>"),
    ],
)
def test_refusal_is_an_error_that_names_no_secret(
    provider: Provider, kind: type[Fastly | Cloudflare], status: int, answer: bytes
) -> None:
    provider.status, provider.answer = status, answer
    cache = kind(TOKEN, "abc", provider.url)

    with pytest.raises(PurgeError) as refused:
        cache.purge({"list"})

    assert TOKEN not in str(refused.value)
    assert TOKEN not in repr(cache)


def test_unreachable_cache_is_an_error() -> None:
    with pytest.raises(PurgeError, match="Varnish cannot be reached"):
        Varnish("http://127.0.0.1:9").purge({"list"})


@pytest.mark.parametrize(
    ("cache", "names"),
    [
        (Varnish("http://127.0.0.1:1"), (b"surrogate-control", b"surrogate-key")),
        (Fastly(TOKEN, "abc"), (b"surrogate-control", b"surrogate-key")),
        (Cloudflare(TOKEN, "abc"), (b"cdn-cache-control", b"cache-tag")),
    ],
)
def test_pages_are_held_by_the_headers_of_that_cache(
    cache: SharedCache, names: tuple[bytes, bytes]
) -> None:
    separator = b"," if names[1] == b"cache-tag" else b" "

    assert cache.hold(60, ["site", "list"]) == [
        (names[0], b"max-age=60"),
        (names[1], b"list" + separator + b"site"),
    ]
