from __future__ import annotations

import asyncio
import io
import threading
from typing import Any

import pytest

from core.pagecache import bridge, refusals
from core.pagecache.bridge import Busy, Threads, call, environ_of


def scope(*headers: tuple[str, str], **overrides: Any) -> dict[str, Any]:
    return {
        "method": "POST",
        "scheme": "http",
        "http_version": "1.1",
        "raw_path": b"/caf%C3%A9/",
        "query_string": b"a=1",
        "server": ("127.0.0.1", 80),
        "client": ("10.0.0.1", 5),
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    } | overrides


def test_request_reaches_django_as_it_came() -> None:
    environ = environ_of(
        scope(
            ("host", "localhost"),
            ("cookie", "a=1"),
            ("cookie", "b=2"),
            ("accept", "text/html"),
            ("accept", "text/plain"),
            ("content-type", "text/plain"),
        ),
        io.BytesIO(b"body"),
        4,
    )

    assert environ["PATH_INFO"].encode("latin-1").decode() == "/café/"
    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert environ["HTTP_ACCEPT"] == "text/html,text/plain"
    assert (environ["CONTENT_TYPE"], environ["CONTENT_LENGTH"]) == ("text/plain", "4")
    assert environ["REMOTE_ADDR"] == "10.0.0.1"


def test_underscore_does_not_pass_for_a_hyphen() -> None:
    environ = environ_of(scope(("x_forwarded_for", "6.6.6.6")), io.BytesIO(), 0)

    assert "HTTP_X_FORWARDED_FOR" not in environ


def test_answer_is_closed_even_when_it_fails() -> None:
    class Answer:
        is_closed = False

        def __iter__(self) -> Answer:
            return self

        def __next__(self) -> bytes:
            raise ValueError

        def close(self) -> None:
            self.is_closed = True

    answer = Answer()

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        start_response("200 OK", [])
        return answer

    with pytest.raises(ValueError):  # noqa: PT011
        call(application, {})

    assert answer.is_closed


def test_place_is_free_again_only_when_the_thread_has_ended() -> None:
    async def run() -> list[str]:
        threads, gate, happened = Threads(1), threading.Event(), []
        first = asyncio.create_task(threads.run(gate.wait))
        await asyncio.sleep(0.05)
        first.cancel()
        try:
            await threads.run(lambda: None, patience=0.05)
        except Busy:
            happened.append("busy")
        gate.set()
        await threads.run(lambda: happened.append("worked"), patience=1)
        threads.close()
        return happened

    assert asyncio.run(run()) == ["busy", "worked"]


class Crowd:
    """Work that ends when told to, and remembers who began."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.gate = threading.Event()

    async def come(self, threads: Threads, count: int) -> list[asyncio.Task[None]]:
        def work(n: int) -> None:
            self.begun.append(n)
            self.gate.wait()

        async def one(n: int) -> None:
            await threads.run(lambda: work(n))

        tasks = [asyncio.create_task(one(n)) for n in range(count)]
        await asyncio.sleep(0)
        return tasks

    async def see(self, count: int) -> None:
        async with asyncio.timeout(10):
            while len(self.begun) < count:
                await asyncio.sleep(0.001)


def test_begin_in_turn_and_not_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge, "QUICK", 60)

    async def run() -> tuple[set[int], set[int]]:
        threads, crowd = Threads(8), Crowd()
        tasks = await crowd.come(threads, 6)
        await crowd.see(2)
        await asyncio.sleep(0.05)
        first = set(crowd.begun)
        crowd.gate.set()
        await asyncio.gather(*tasks)
        threads.close()
        return first, set(crowd.begun)

    assert asyncio.run(run()) == ({0, 1}, {0, 1, 2, 3, 4, 5})


def test_who_takes_long_keeps_no_turn() -> None:
    async def run() -> set[int]:
        threads, crowd = Threads(4), Crowd()
        tasks = await crowd.come(threads, 6)
        await crowd.see(4)
        await asyncio.sleep(3 * bridge.QUICK)
        at_work = set(crowd.begun)
        crowd.gate.set()
        await asyncio.gather(*tasks)
        threads.close()
        return at_work

    assert asyncio.run(run()) == {0, 1, 2, 3}


def test_who_gives_up_waiting_takes_no_turn_away() -> None:
    async def run() -> set[int]:
        threads, crowd = Threads(2), Crowd()
        at_work = await crowd.come(threads, 2)
        await crowd.see(2)
        waiting = [asyncio.create_task(threads.run(crowd.gate.wait)) for _ in range(9)]
        await asyncio.sleep(3 * bridge.QUICK)
        for one in waiting:
            one.cancel()
        crowd.gate.set()
        await asyncio.gather(*at_work)
        later = Crowd()
        tasks = await later.come(threads, 2)
        await later.see(2)
        later.gate.set()
        await asyncio.gather(*tasks)
        threads.close()
        return set(later.begun)

    assert asyncio.run(run()) == {0, 1}


def test_who_is_turned_away_keeps_what_was_typed() -> None:
    body = b"body=My+long+%3Cthought%3E"
    headers = ("content-type", "application/x-www-form-urlencoded")
    environ = environ_of(scope(headers), io.BytesIO(body), len(body))

    answer = refusals.give_back(environ, refusals.BUSY)

    assert answer.status == 503
    assert b"My long &lt;thought&gt;" in answer.body
    assert dict(answer.headers)[b"retry-after"] == b"5"
