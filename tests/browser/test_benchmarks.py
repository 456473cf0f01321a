from __future__ import annotations

import shutil
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from benchmarks.__main__ import PARTS
from benchmarks.figures import Run
from benchmarks.parts.weight import weigh

pytestmark = pytest.mark.browser

NEED_WRK = [
    "hits",
    "comments",
    "previews",
    "readers",
    "latency",
    "bridge",
    "work",
    "growth",
]
PAGES = {
    "/posts/pytorch/": ("text/html", "<link rel=stylesheet href=/style.css>Words"),
    "/style.css": ("text/css", "p { color: red }"),
}


@pytest.fixture(scope="module")
def short_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("benchmarks")
    return Run(folder, rounds=1, seconds=1, pages=50, populate=20)


@pytest.fixture
def blog() -> Iterator[str]:
    """The address of what looks like a blog with one article."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, text = PAGES.get(self.path, ("text/plain", ""))
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_article_is_weighed_with_what_it_loads(blog: str) -> None:
    weight = weigh(f"{blog}posts/pytorch/")

    assert weight["HTML, CSS and JS"].endswith("in 2 requests")
    assert weight["fonts"].endswith("in 0 files")


@pytest.mark.parametrize("name", PARTS)
def test_part_measures(name: str, short_run: Run) -> None:
    if name in NEED_WRK and not shutil.which("wrk"):
        pytest.skip("wrk is not installed")

    figures = PARTS[name](short_run)

    # How fast it is here and now is not for a test to judge.
    assert figures
    assert all(figure.text or figure.times_bare for figure in figures)
    assert all(figure.value is None or figure.value > 0 for figure in figures)
