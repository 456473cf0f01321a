"""Pictures for tests, made when they are asked for."""

from __future__ import annotations

import io
import random
from typing import Any

from PIL import Image


def file_of(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def drawing(width: int = 40, height: int = 30, color: str = "teal") -> Image.Image:
    return Image.new("RGB", (width, height), color)


def photo(width: int = 400, height: int = 300) -> Image.Image:
    """Noise, which has as many colors as a photograph."""
    noise = random.Random(1).randbytes(width * height * 3)  # noqa: S311
    return Image.frombytes("RGB", (width, height), noise)


def animated(kind: str, frames: int = 3, size: tuple[int, int] = (20, 10)) -> bytes:
    colors = [(n * 40 % 256, 80, 200 - n % 200) for n in range(frames)]
    first, *others = [Image.new("RGB", size, color) for color in colors]
    return file_of(
        first, kind, save_all=True, append_images=others, duration=80, loop=0
    )
