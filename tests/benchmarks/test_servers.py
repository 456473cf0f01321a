from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from benchmarks import answers, servers
from benchmarks.answers import Answer
from benchmarks.figures import Unmeasurable
from benchmarks.site import WORKERS

ANSWER = Answer(
    [
        ("content-type", "text/html; charset=utf-8"),
        ("content-length", "9"),
        ("content-security-policy", "default-src 'self'; img-src 'self' data:"),
        ("etag", '"a\\b"'),
        ("vary", "Accept-Encoding"),
    ],
    b"<p>\xc3\xa4</p>",
)


def test_answer_is_kept_with_its_headers(tmp_path: Path) -> None:
    assert answers.load(ANSWER.save(tmp_path / "answer")) == ANSWER


@pytest.mark.parametrize("kind", sorted(servers.BARE))
def test_bare_application_gives_the_same_answer(kind: str, tmp_path: Path) -> None:
    with servers.bare(kind, ANSWER.save(tmp_path / "answer")) as server:
        given = answers.fetch(server.url)
        workers = server.workers()

    assert given.body == ANSWER.body
    assert sorted(given.headers) == sorted(ANSWER.headers)
    assert len(workers) == WORKERS


def test_nginx_gives_the_same_answer() -> None:
    if not shutil.which("nginx", path=servers.PROGRAMS):
        pytest.skip("nginx is not installed")

    with servers.nginx(ANSWER) as server:
        given = answers.fetch(server.url)

    assert given.body == ANSWER.body
    assert sorted(given.headers) == sorted(ANSWER.headers)


def test_server_that_does_not_start_is_named() -> None:
    with (
        pytest.raises(Unmeasurable, match="nothing_like_this"),
        servers.gunicorn(["nothing_like_this:application"], {}),
    ):
        raise AssertionError


def test_page_that_is_not_kept_in_memory_is_refused(tmp_path: Path) -> None:
    with (
        servers.bare("sync", ANSWER.save(tmp_path / "answer")) as server,
        pytest.raises(Unmeasurable, match="does not come from memory"),
    ):
        answers.fetch_hit(server.url)
