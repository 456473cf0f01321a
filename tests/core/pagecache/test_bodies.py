from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from core.pagecache import bodies


def receive_all(messages: Sequence[dict[str, Any]], **options: Any) -> bodies.Body:
    left = list(messages)

    async def receive() -> dict[str, Any]:
        if not left:
            await asyncio.sleep(10)
        return left.pop(0)

    async def run() -> bodies.Body:
        wanted: dict[str, Any] = {"announced": 0, "limit": 1_000_000} | options
        return await bodies.receive_body(receive, **wanted)

    return asyncio.run(run())


def chunk(data: bytes, *, more: bool = True) -> dict[str, Any]:
    return {"type": "http.request", "body": data, "more_body": more}


@pytest.mark.parametrize("size", [0, 1, 65_536, 65_537, 300_000])
def test_body_arrives_whole(size: int) -> None:
    data = bytes(range(256)) * (size // 256 + 1)
    parts = [chunk(data[start : start + 50_000]) for start in range(0, size, 50_000)]
    parts.append(chunk(b"", more=False))
    parts = [
        part | {"body": part["body"][: size - 50_000 * n]}
        for n, part in enumerate(parts)
    ]

    body = receive_all(parts)

    assert body.length == size
    assert body.rewound().read() == data[:size]
    body.close()


def test_announced_size_is_refused_unread() -> None:
    with pytest.raises(bodies.TooLarge):
        receive_all([], announced=11, limit=10)


def test_unannounced_size_is_refused_when_it_is_passed() -> None:
    with pytest.raises(bodies.TooLarge):
        receive_all([chunk(b"12345"), chunk(b"67890"), chunk(b"1")], limit=10)


def test_slow_body_is_given_up() -> None:
    with pytest.raises(bodies.TooSlow):
        receive_all([chunk(b"1")], seconds=0.05)


def test_client_that_leaves_is_noticed() -> None:
    with pytest.raises(bodies.Gone):
        receive_all([chunk(b"1"), {"type": "http.disconnect"}])
