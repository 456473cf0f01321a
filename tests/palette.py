"""The colors of the stylesheets, as eyes see them."""

from __future__ import annotations

import re

from django.conf import settings

CSS = settings.BASE_DIR / "static" / "css"
THEMES = {
    "light": r":root \{(.*?)\}",
    "dark by system": r':root:not\(\[data-theme="light"\]\) \{(.*?)\}',
    "dark by choice": r':root\[data-theme="dark"\] \{(.*?)\}',
}

type Triple = tuple[float, float, float]
type Matrix = tuple[Triple, Triple, Triple]

WHITE = (0.95047, 1.0, 1.08883)
TO_XYZ: Matrix = (
    (0.4124, 0.3576, 0.1805),
    (0.2126, 0.7152, 0.0722),
    (0.0193, 0.1192, 0.9505),
)
# Machado, Oliveira and Fernandes 2009, for who lacks one kind of cone altogether.
EYES: dict[str, Matrix] = {
    "all colors": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "no green": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "no blue": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def colors(theme: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in ("tokens.css", "dark-tokens.css", "code-tokens.css", "side-tokens.css"):
        css = (CSS / name).read_text(encoding="utf-8")
        for block in re.findall(THEMES[theme], css, re.DOTALL):
            found |= re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)
    return found


def linear(color: str) -> Triple:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return red, green, blue


def times(matrix: Matrix, vector: Triple) -> Triple:
    x, y, z = (sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
    return x, y, z


def luminance(color: str) -> float:
    return times(TO_XYZ, linear(color))[1]


def contrast(one: str, other: str) -> float:
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def distance(one: str, other: str, eye: Matrix) -> float:
    """How different two colors look to an eye (CIE 1976; 2 is just noticeable)."""
    pairs = zip(lab(one, eye), lab(other, eye), strict=True)
    return float(sum((a - b) ** 2 for a, b in pairs) ** 0.5)


def lab(color: str, eye: Matrix) -> Triple:
    red, green, blue = (min(1, max(0, c)) for c in times(eye, linear(color)))
    xyz = times(TO_XYZ, (red, green, blue))
    x, y, z = (
        t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116
        for t in (value / white for value, white in zip(xyz, WHITE, strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)
