"""What gunicorn's processes answer: under load, to odd clients, without a database."""

from __future__ import annotations

import contextlib
import random
import re
import signal
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from blog.models import Post
from comments.models import Comment
from tests.conftest import Member, signed_in
from tests.core.pagecache.served import (
    WORKERS,
    Gunicorn,
    StandIn,
    drain,
    in_background,
    kill,
    url_of_database,
)
from tests.factories import make_kinds, make_post, make_user

pytestmark = pytest.mark.django_db(transaction=True)

BOUND = 1.0
"""Seconds that a process may be behind."""
NOISE = 1.5
"""Seconds that a busy machine may add."""
slugs = (f"here-{n}" for n in count(1))
GET_LIVE = b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture(scope="module")
def running(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Gunicorn]:
    gunicorn = Gunicorn(tmp_path_factory.mktemp("served"), url_of_database())
    gunicorn.wait()
    yield gunicorn
    gunicorn.end()


@pytest.fixture
def served(transactional_db: None, running: Gunicorn) -> Gunicorn:
    make_kinds()
    return running


@pytest.fixture
def ending(transactional_db: None, tmp_path: Path) -> Iterator[Gunicorn]:
    """One that may be ended."""
    make_kinds()
    gunicorn = Gunicorn(tmp_path, url_of_database())
    gunicorn.wait()
    yield gunicorn
    gunicorn.end()


def article(**overrides: Any) -> str:
    """The address of an article of this test alone."""
    return f"/posts/{make_post(slug=next(slugs), **overrides).slug}/"


def number_in(page: bytes) -> int:
    found = re.search(rb"<title>Number (\d+)", page)
    assert found, page[:500]
    return int(found[1])


class Writes:
    """When which number was certainly there for everybody who asked later."""

    def __init__(self) -> None:
        self.committed: list[tuple[float, int]] = [(0.0, 0)]

    def write(self, number: int) -> None:
        Post.objects.update(title=f"Number {number}")
        self.committed.append((time.monotonic(), number))

    def due_at(self, moment: float) -> int:
        return max(number for at, number in self.committed if at <= moment)


def test_no_reader_of_two_processes_is_behind_the_bound(served: Gunicorn) -> None:
    page = article(title="Number 0")
    writes = Writes()
    late: list[tuple[int, int]] = []
    seen: set[str] = set()
    is_over = False

    def read(seed: int) -> None:
        pause = random.Random(seed)  # noqa: S311
        while not is_over:
            asked = time.monotonic()
            _, headers, got = served.get(page)
            seen.add(headers["cache-status"])
            due = writes.due_at(asked - BOUND - NOISE)
            if (number := number_in(got)) < due:
                late.append((number, due))
            time.sleep(pause.uniform(0, 0.03))

    readers = [in_background(lambda seed=seed: read(seed)) for seed in range(6)]  # type: ignore[misc]
    chance = random.Random(7)  # noqa: S311
    until = time.monotonic() + 4
    number = 0
    while time.monotonic() < until:
        number += 1
        writes.write(number)
        time.sleep(chance.choice([0.0, 0.01, 0.2, 0.7]))
    time.sleep(BOUND + NOISE)
    is_over = True
    for reader in readers:
        reader.join()

    assert late == []
    assert {"byline; hit", "byline; fwd=miss"} <= seen
    for _ in range(4):
        assert number_in(served.get(page)[2]) == number


def test_own_act_is_seen_by_every_process(served: Gunicorn) -> None:
    page = article()
    member = signed_in(make_user())
    for n in range(5):
        served.get(page)
        response = member.post(
            f"{page}comments/new/", {"body": f"Thought {n}.", "key": f"k{n}"}
        )
        target = response["Location"].partition("#")[0]

        pages = [served.get(target) for _ in range(6)]

        shown = [got.count(f"Thought {n}.".encode()) for _, _, got in pages]
        assert shown == [1] * 6
        assert {headers["cache-control"] for _, headers, _ in pages} == {"no-store"}


class TestOddClients:
    SMUGGLED = (
        b"POST /comments/preview/ HTTP/1.1\r\nHost: localhost\r\n%s\r\n\r\n%s"
        b"GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"
    )

    def test_smuggling_is_refused_or_cut(self, served: Gunicorn) -> None:
        attempts = {
            "two lengths": (b"Content-Length: 5\r\nContent-Length: 6", b"hello"),
            "a list of lengths": (b"Content-Length: 5, 6", b"hello"),
            "signed length": (b"Content-Length: +5", b"hello"),
            "length and chunks": (
                b"Content-Length: 5\r\nTransfer-Encoding: chunked",
                b"0\r\n\r\n",
            ),
            "chunked twice": (b"Transfer-Encoding: chunked, chunked", b"0\r\n\r\n"),
            "chunked not last": (b"Transfer-Encoding: chunked, x", b"0\r\n\r\n"),
            "odd chunked": (b"Transfer-Encoding: xchunked", b"0\r\n\r\n"),
            "space before colon": (b"Transfer-Encoding : chunked", b"0\r\n\r\n"),
            "bad chunk size": (
                b"Transfer-Encoding: chunked",
                b"5x\r\nhello\r\n0\r\n\r\n",
            ),
            "negative chunk": (b"Transfer-Encoding: chunked", b"-5\r\nhello\r\n"),
            "bare LF in chunks": (b"Transfer-Encoding: chunked", b"5\nhello\n0\n\n"),
            "folded header": (b"Content-Length: 5\r\n Content-Length: 6", b"hello"),
            "bare CR": (b"X: a\rTransfer-Encoding: chunked", b""),
            "NUL": (b"X: a\x00b", b""),
        }
        for name, (headers, body) in attempts.items():
            got = served.send(self.SMUGGLED % (headers, body), seconds=1)

            assert got.count(b"HTTP/1.1 ") <= 1, (name, got)
            refused = (b"HTTP/1.1 4", b"HTTP/1.1 501")
            assert got == b"" or got.startswith(refused), (name, got)
            assert b"404" not in got.partition(b"\r\n")[0], (name, got)

    @pytest.mark.parametrize(
        "request_bytes",
        [
            b"GET /health/live HTTP/1.1\nHost: localhost\n\n",
            b"GET /health/live\r\n\r\n",
            b"GET  /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n",
            b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nHost: b\r\n\r\n",
            b"GET /health/live HTTP/1.1\r\n\r\n",
            b"GET /" + b"x" * 10_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 10_000 + b"\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 100 + b"\r\n",
        ],
        ids=[
            "bare LF",
            "no version",
            "two spaces",
            "two hosts",
            "no host",
            "long line",
            "long header",
            "many headers",
        ],
    )
    def test_malformed_is_refused(
        self, running: Gunicorn, request_bytes: bytes
    ) -> None:
        got = running.send(request_bytes, seconds=0.5)

        assert got == b"" or got.startswith(b"HTTP/1.1 4"), got
        assert got.count(b"HTTP/1.1") <= 1

    def test_pipelined_requests_are_answered_in_order(self, served: Gunicorn) -> None:
        got = served.send(
            b"GET /robots.txt HTTP/1.1\r\nHost: localhost\r\n\r\n" + GET_LIVE * 2,
            seconds=1,
        )

        assert [len(re.findall(w, got)) for w in (b"HTTP/1.1 200", b'"live"')] == [3, 2]
        assert got.index(b"User-agent") < got.index(b'"live"')

    def test_large_bodies_are_refused_before_they_come(self, served: Gunicorn) -> None:
        head = b"POST /comments/preview/ HTTP/1.1\r\nHost: localhost\r\n"
        started = time.monotonic()

        announced = served.send(head + b"Content-Length: 9000000\r\n\r\n", seconds=2)
        chunks = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
        sent = served.send(
            head + b"Transfer-Encoding: chunked\r\n\r\n" + chunks * 2, seconds=2
        )

        assert announced.startswith(b"HTTP/1.1 413")
        assert sent.startswith(b"HTTP/1.1 413")
        assert time.monotonic() - started < 6

    def test_readers_go_on_beside_many_slow_ones(self, served: Gunicorn) -> None:
        page = article(body="word " * 20_000)
        size = len(served.get(page)[2])
        with contextlib.ExitStack() as stack:
            for _ in range(100):
                half = stack.enter_context(served.open())
                half.sendall(
                    b"POST /comments/preview/ HTTP/1.1\r\nHost: localhost\r\n"
                    b"Content-Length: 70000\r\n\r\nbody="
                )
            for _ in range(200):
                slow = stack.enter_context(served.open())
                slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                slow.sendall(f"GET {page} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            for _ in range(50):
                aborted = served.open()
                aborted.sendall(b"GET /me/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
                aborted.close()
            started = time.monotonic()
            answers = [served.get(page) for _ in range(20)]
            answers += [served.get("/health/live"), served.get("/me/")]

            assert {status for status, _, _ in answers} == {200}
            assert {len(got) for _, _, got in answers[:20]} == {size}
            assert time.monotonic() - started < 5

    def test_aborted_act_is_finished(self, served: Gunicorn) -> None:
        page = article()
        member = signed_in(make_user())
        with served.open() as client:
            client.sendall(comment_request(member, page, "Gone"))
        until = time.monotonic() + 5
        while not Comment.objects.exists() and time.monotonic() < until:
            time.sleep(0.05)

        assert Comment.objects.get().body == "Gone"


class TestKilledWorkers:
    def test_readers_see_no_wrong_byte(self, served: Gunicorn) -> None:
        page = article(body="word " * 2_000)
        right = served.get(page)[2]
        statuses: set[int] = set()
        wrong: list[bytes] = []
        failed: list[float] = []
        is_over = False

        def read() -> None:
            while not is_over:
                try:
                    status, _, got = served.get(page)
                except (OSError, ValueError):
                    failed.append(time.monotonic())
                    continue
                statuses.add(status)
                if got != right:
                    wrong.append(got)

        readers = [in_background(read) for _ in range(4)]
        for _ in range(3):
            time.sleep(0.7)
            kill(served.workers()[0])
            killed = time.monotonic()
        time.sleep(2.5)
        is_over = True
        for reader in readers:
            reader.join()

        assert wrong == []
        assert statuses == {200}
        assert not [at for at in failed if at > killed + 2]
        assert len(served.workers()) == 2

    def test_restart_finishes_what_is_under_way(self, ending: Gunicorn) -> None:
        served = ending
        idle = served.open()
        idle.sendall(GET_LIVE)
        assert idle.recv(1000).startswith(b"HTTP/1.1 200")
        with served.open() as client:
            client.sendall(
                b"POST /comments/preview/ HTTP/1.1\r\nHost: localhost\r\n"
                b"Content-Length: 5\r\n\r\nbod"
            )
            time.sleep(0.2)
            served.process.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            client.sendall(b"y=")
            got = drain(client, 5)

        assert got.startswith(b"HTTP/1.1 403")
        assert idle.recv(1000) == b""
        assert served.process.wait(10) == 0
        idle.close()


@pytest.fixture
def network(transactional_db: None) -> Iterator[StandIn]:
    stand_in = StandIn()
    yield stand_in
    stand_in.end()


@pytest.fixture
def far(network: StandIn, tmp_path: Path) -> Iterator[Gunicorn]:
    """Gunicorn with its database at the other end of a network."""
    make_kinds()
    gunicorn = Gunicorn(tmp_path, url_of_database("127.0.0.1", network.port))
    gunicorn.wait()
    yield gunicorn
    gunicorn.end()


def comment_request(member: Member, page: str, body: str) -> bytes:
    """The bytes that a browser sends for a comment."""
    form = member.get(f"{page}comments/new/").content.decode()
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', form)
    assert token
    cookies = "; ".join(f"{k}={v.value}" for k, v in member.cookies.items())
    sent = f"csrfmiddlewaretoken={token[1]}&key=k&body={body}".encode()
    head = (
        f"POST {page}comments/new/ HTTP/1.1\r\nHost: localhost\r\n"
        f"Cookie: {cookies}\r\nContent-Length: {len(sent)}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        "Connection: close\r\n\r\n"
    )
    return head.encode() + sent


def timed(ask: Callable[[], tuple[int, dict[str, str], bytes]]) -> tuple[int, float]:
    started = time.monotonic()
    status, _, _ = ask()
    return status, time.monotonic() - started


def warm_every_worker(far: Gunicorn, page: str) -> None:
    """Ask until each has rendered it; chance decides which of them answers."""
    # What was written for the test overtakes renders, and those are not kept.
    time.sleep(BOUND + NOISE)
    misses = 0
    for _ in range(1000):
        status, headers, _ = far.get(page)
        assert status == 200
        misses += "miss" in headers["cache-status"]
        if misses == WORKERS:
            return
    raise AssertionError("one worker answers everything")


class TestDatabaseAway:
    LIMIT = 3.0

    @pytest.mark.parametrize("mode", ["refuse", "silent"])
    def test_readers_read_and_acts_are_told(
        self, far: Gunicorn, network: StandIn, mode: str
    ) -> None:
        page = article()
        warm_every_worker(far, page)
        for _ in range(12):
            assert far.get("/me/")[0] == 200
        cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={'x' * 32}"}

        network.fail(mode)
        with ThreadPoolExecutor() as readers:
            paths = ("/me/", "/health/ready", "/tags/", "/accounts/", "/")
            answers = list(
                readers.map(lambda path: timed(lambda: far.get(path, cookie)), paths)
            )
        read = [far.get(page) for _ in range(10)]
        quick = timed(lambda: far.get("/health/live"))
        network.mend()
        mended = time.monotonic()
        while far.get("/health/ready")[0] != 200:
            time.sleep(0.05)
        back = time.monotonic() - mended

        assert {status for status, _ in answers} == {503}
        assert max(seconds for _, seconds in answers) < self.LIMIT
        assert {status for status, _, _ in read} == {200}
        assert quick[0] == 200
        assert quick[1] < 0.5
        assert back < 2.0 + 2 * NOISE
        assert far.get("/tags/")[0] == 200

    def test_typed_text_comes_back(self, far: Gunicorn, network: StandIn) -> None:
        request = comment_request(signed_in(make_user()), article(), "Long+thought")
        for _ in range(6):
            far.get("/health/ready")
        network.fail("silent")
        started = time.monotonic()

        got = far.send(request)

        assert got.startswith(b"HTTP/1.1 503")
        assert b"Long thought" in got
        assert time.monotonic() - started < self.LIMIT
        assert not Comment.objects.exists()

    def test_outdated_pages_are_shown_until_it_is_back(
        self, far: Gunicorn, network: StandIn
    ) -> None:
        page = article(title="Number 0")
        warm_every_worker(far, page)
        network.fail("refuse")
        Post.objects.update(title="Number 1")
        time.sleep(1.5)

        away = [number_in(far.get(page)[2]) for _ in range(6)]
        network.mend()
        time.sleep(BOUND + 2 * NOISE)
        back = [number_in(far.get(page)[2]) for _ in range(6)]

        assert away == [0] * 6
        assert back == [1] * 6

    def test_slow_network_keeps_nobody_for_long(
        self, far: Gunicorn, network: StandIn
    ) -> None:
        page = article()
        warm_every_worker(far, page)

        network.fail("slow")
        warm = timed(lambda: far.get(page))
        cold = timed(lambda: far.get("/tags/"))

        assert warm[0] == 200
        assert cold[0] in {200, 503}
        assert max(warm[1], cold[1]) < self.LIMIT
