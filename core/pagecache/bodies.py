"""The body of a request, received whole before anybody works on it."""

from __future__ import annotations

import asyncio
import io
import tempfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import IO

    type Receive = Callable[[], Awaitable[dict[str, Any]]]

IN_MEMORY = 64 * 1024
SECONDS_TO_ARRIVE = 30.0
SECONDS_TO_LINGER = 1.0


class TooLarge(Exception):
    """More came, or was announced, than the address takes."""


class TooSlow(Exception):
    """It did not arrive in time."""


class Gone(Exception):
    """The client left before its request was whole."""


class Body:
    """Bytes in memory, or when there are many in a file that has no name."""

    def __init__(self) -> None:
        self.length = 0
        self.file: IO[bytes] = io.BytesIO()

    async def write(self, chunk: bytes) -> None:
        self.length += len(chunk)
        if isinstance(self.file, io.BytesIO):
            if self.length <= IN_MEMORY:
                self.file.write(chunk)
                return
            await asyncio.to_thread(self._move_to_disk)
        # A slow disk keeps a thread waiting, not everybody.
        await asyncio.to_thread(self.file.write, chunk)

    def _move_to_disk(self) -> None:
        begun = self.file
        self.file = tempfile.TemporaryFile()  # noqa: SIM115  (closed by `close`)
        begun.seek(0)
        self.file.write(begun.read())

    def rewound(self) -> IO[bytes]:
        self.file.seek(0)
        return self.file

    def copy(self) -> IO[bytes] | None:
        """The same bytes for a second reader, if they are few."""
        if isinstance(self.file, io.BytesIO) and not self.file.closed:
            return io.BytesIO(self.file.getvalue())
        return None

    def close(self) -> None:
        self.file.close()


async def receive_body(
    receive: Receive,
    *,
    announced: int,
    limit: int,
    seconds: float = SECONDS_TO_ARRIVE,
) -> Body:
    """The whole body. Raises `TooLarge`, `TooSlow`, `Gone`; the caller closes it."""
    if announced > limit:
        raise TooLarge
    body = Body()
    try:
        async with asyncio.timeout(seconds):
            await _fill(body, receive, limit)
    except TimeoutError as error:
        body.close()
        raise TooSlow from error
    except BaseException:
        body.close()
        raise
    return body


async def _fill(body: Body, receive: Receive, limit: int) -> None:
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        chunk = message.get("body", b"")
        if body.length + len(chunk) > limit:
            raise TooLarge
        if chunk:
            await body.write(chunk)
        more = message.get("more_body", False)


async def linger(receive: Receive) -> None:
    """Throw away what is still coming, for a moment.

    Closing a connection with unread bytes resets it, and the client would never see
    the answer that was just sent.
    """
    try:
        async with asyncio.timeout(SECONDS_TO_LINGER):
            more = True
            while more:
                message = await receive()
                more = message.get("more_body", False)
    except TimeoutError:
        pass
