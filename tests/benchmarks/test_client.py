from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from benchmarks.client import Client, Reply
from benchmarks.people import beside, is_over

if TYPE_CHECKING:
    from tests.benchmarks.conftest import Server


def in_order(client: Client, *paths: str) -> list[Reply]:
    async def ask() -> list[Reply]:
        replies = [await client.get(path) for path in paths]
        client.close()
        return replies

    return asyncio.run(ask())


@pytest.mark.parametrize(("path", "body"), [("/", b"Words"), ("/chunked/", b"Words!")])
def test_answer_is_read_whole(server: Server, path: str, body: bytes) -> None:
    replies = in_order(Client(server.url), path, path)

    assert [(reply.status, reply.body) for reply in replies] == [(200, body)] * 2
    assert server.connections == 1


def test_status_is_told(server: Server) -> None:
    assert in_order(Client(server.url), "/gone/")[0].status == 410


def test_ended_connection_is_opened_again(server: Server) -> None:
    replies = in_order(Client(server.url), "/closing/", "/closing/")

    assert [reply.body for reply in replies] == [b"Words"] * 2
    assert server.connections == 2


def test_form_goes_out_with_the_cookies_that_came(server: Server) -> None:
    async def post() -> Reply:
        client = Client(server.url, {"session": "key"})
        await client.get("/")
        reply = await client.post("/", {"body": "Ä & b"})
        client.close()
        return reply

    assert asyncio.run(post()).body == b"body=%C3%84+%26+b session=key; csrf=token"


def test_somebody_acts_until_the_measurement_is_over() -> None:
    said: list[str] = []

    async def act(over: asyncio.Event) -> None:
        while not await is_over(over, 0.05):
            said.append("acted")
        said.append("ended")

    so_far = asyncio.run(beside(act, lambda: list(said)))

    assert set(so_far) == {"acted"}
    assert said[-1] == "ended"


def test_failure_of_who_acts_is_not_lost() -> None:
    async def fail(over: asyncio.Event) -> None:
        raise ConnectionError("refused")

    with pytest.raises(ConnectionError, match="refused"):
        asyncio.run(beside(fail, lambda: 1))
