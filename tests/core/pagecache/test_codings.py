from __future__ import annotations

import pytest

from core.pagecache.codings import preferred


@pytest.mark.parametrize(
    ("accept", "coding"),
    [
        ("gzip, br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, zstd", "zstd"),
        ("gzip", "gzip"),
        ("GZIP ; q=0.5", "gzip"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("gzip;q=0", "identity"),
        ("br;q=x", "identity"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("br;q=0, *", "zstd"),
        ("identity", "identity"),
        ("identity;q=1, gzip;q=0.5", "identity"),
        ("", "identity"),
        (",;,=", "identity"),
    ],
)
def test_reader_gets_the_wished_coding(accept: str, coding: str) -> None:
    assert preferred(accept.encode()) == coding


def test_what_is_not_offered_is_not_sent() -> None:
    assert preferred(b"br, gzip", ("gzip",)) == "gzip"
    assert preferred(b"br, gzip", ()) == "identity"
