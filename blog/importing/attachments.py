from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from blog.images import ImageRefused, store_image
from blog.importing.text_shape import fenced_lines
from blog.pictures import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from accounts.models import User
    from blog.models import Image

SHOWN = re.compile(
    r"(?P<before>!\[[^\]\n]*\]\()(?P<address>[^\s()<>]+)(?P<after>[\s)])"
)
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|[/#?\\]", re.IGNORECASE)


def store_shown(body: str, store: Callable[[str], Image | None]) -> str:
    """The body, the pictures it shows kept in the blog by `store`.

    Relative addresses that lead to no picture stay as they are, and so does code.
    """

    def replace(match: re.Match[str]) -> str:
        image = store(match["address"])
        address = image.url if image else match["address"]
        return f"{match['before']}{address}{match['after']}"

    lines = body.split("\n")
    return "\n".join(
        line if is_fenced else SHOWN.sub(replace, line)
        for line, is_fenced in zip(lines, fenced_lines(lines), strict=True)
    )


def store_beside(address: str, folder: Path, *, uploaded_by: User) -> Image | None:
    """The picture at a relative address, kept in the blog; None where there is none."""
    if not address or ELSEWHERE.match(address):
        return None
    path = folder / unquote(address)
    try:
        if not path.is_file() or path.stat().st_size > MAX_BYTES:
            return None
        return store_image(path.read_bytes(), uploaded_by=uploaded_by, name=path.name)
    except (OSError, ValueError, ImageRefused):
        return None
