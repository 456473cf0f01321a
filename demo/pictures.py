"""The demo's pictures, made ready while the rest of a first start goes on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Self

from blog.images import keep_picture
from blog.pictures import clean_picture

if TYPE_CHECKING:
    from accounts.models import User
    from blog.models import Image

FOLDER = Path(__file__).parent / "content" / "images"


class Pictures:
    """Cleans all pictures in a thread; as a context manager it leaves none behind.

    Decoding and encoding run outside the interpreter lock, so that a second core does
    what would otherwise be half of the time until a new blog is ready.
    """

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1)
        self._cleaned = {
            path.name: self._pool.submit(clean_picture, path.read_bytes())
            for path in sorted(FOLDER.glob("*.webp"))
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def store(self, address: str, *, uploaded_by: User) -> Image | None:
        """The picture an article names, kept in the blog; None where there is none."""
        name = PurePosixPath(address).name
        if name not in self._cleaned:
            return None
        cleaned = self._cleaned[name].result()
        return keep_picture(cleaned, uploaded_by=uploaded_by, name=name)
