from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest

from config.asgi import STATIC_NAME
from core.pagecache.files import KEPT, Folder
from tests.core.pagecache.conftest import Site

WORDS = b"word " * 1000


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "files"
    (root / "css").mkdir(parents=True)
    (root / "css" / "main.abc.css").write_bytes(WORDS)
    (root / "css" / "main.abc.css.br").write_bytes(brotli.compress(WORDS))
    (root / "plain.txt").write_bytes(b"plain")
    (root / "large.bin").write_bytes(b"x" * (KEPT + 1))
    (root / ".hidden").write_bytes(b"secret")
    (tmp_path / "outside.txt").write_bytes(b"secret")
    return root


@pytest.fixture
def shelf(transactional_db: None, root: Path) -> Iterator[Site]:
    folder = Folder(
        "/static/", root, STATIC_NAME, lambda name: {"Cache-Control": "public"}
    )
    site = Site(folders=[folder])
    site.start()
    yield site
    site.stop()


def test_files_are_served_as_they_lie(shelf: Site, root: Path) -> None:
    path = "/static/css/main.abc.css"

    plain = shelf.get(path)
    packed = shelf.get(path, {"Accept-Encoding": "zstd, br, gzip"})
    known = shelf.get(path, {"If-None-Match": plain.headers["etag"]})
    head = shelf.get(path, method="HEAD")

    assert (plain.status, plain.body) == (200, WORDS)
    assert packed.headers["content-encoding"] == "br"
    assert brotli.decompress(packed.body) == WORDS
    assert packed.headers["vary"] == "Accept-Encoding"
    assert (known.status, known.body) == (304, b"")
    assert (head.body, head.headers["content-length"]) == (b"", str(len(WORDS)))
    assert plain.headers["cache-control"] == "public"
    (root / "css" / "main.abc.css").unlink()
    assert shelf.get(path).body == WORDS


def test_large_file_is_sent_whole_and_not_kept(shelf: Site) -> None:
    large = shelf.get("/static/large.bin")

    assert large.body == b"x" * (KEPT + 1)
    assert large.headers["content-length"] == str(KEPT + 1)
    assert len(shelf.front.store) == 0
    assert shelf.get("/static/large.bin", method="HEAD").body == b""


def test_what_is_no_file_of_ours_is_not_found(shelf: Site) -> None:
    for name in (
        "nothing.txt",
        "../outside.txt",
        "css/../../outside.txt",
        "%2e%2e/outside.txt",
        "css/%2e%2e/%2e%2e/outside.txt",
        "/outside.txt",
        ".hidden",
        "css",
        "css/",
        "css/main.abc.css.br",
        "plain.txt%00",
        "",
    ):
        assert shelf.get(f"/static/{name}").status in {301, 404}, name


def test_names_stay_inside() -> None:
    assert re.fullmatch(STATIC_NAME, "js/vendor/some-thing.0123456789ab.js")
    assert not re.fullmatch(STATIC_NAME, "a/../b")
