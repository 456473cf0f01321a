from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from benchmarks.pages import weigh

pytestmark = pytest.mark.browser

PAGES = {
    "/feeds/rss.xml": ("application/rss+xml", "<link>{url}posts/pytorch/</link>"),
    "/posts/pytorch/": ("text/html", "<link rel=stylesheet href=/style.css>Words"),
    "/style.css": ("text/css", "p { color: red }"),
}


@pytest.fixture
def blog() -> Iterator[str]:
    """The address of what looks like a blog with one article."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, text = PAGES.get(self.path, ("text/plain", ""))
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(text.replace("{url}", url).encode())

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    url = f"http://127.0.0.1:{server.server_port}/"
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield url
    server.shutdown()
    thread.join()
    server.server_close()


def test_article_is_weighed_with_what_it_loads(blog: str) -> None:
    weight = weigh(blog)

    assert weight["HTML, CSS and JS"].endswith("in 2 requests")
    assert weight["fonts"].endswith("in 0 files")
