"""Slugs: the readable end of an address, in any script."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

MAX_LENGTH = 80
PATTERN = r"[^\W_]+(?:-[^\W_]+)*"

SPELLED = [
    (re.compile(r"(?<=\w)\+\+"), "-plus-plus"),
    (re.compile(r"(?<=\w)#(?!\w)"), "-sharp"),
    # Not after a mark that belongs to a letter, which is no \w.
    (re.compile(r"(?<![^\s(\[{\"'“„«/,;:])\.(?=\w)"), "dot-"),
]


def slugify(text: str) -> str:
    """Lower-case letters and digits of any script, joined by `-`, at most 80.

    `C++ C# .NET` gives `c-plus-plus c-sharp dot-net` word by word. Marks that belong to
    a letter (as in Hindi or Thai) stay with it. May be empty: emoji leave nothing.
    """
    text = unicodedata.normalize("NFKC", text).lower()
    for pattern, word in SPELLED:
        text = pattern.sub(word, text)
    text = text.replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "")
    kept = "".join(char if is_kept(char) else "-" for char in text)
    slug = re.sub("-+", "-", kept).strip("-")
    return shorten(slug, MAX_LENGTH)


def is_kept(char: str) -> bool:
    category = unicodedata.category(char)
    return category[0] in "LN" or (category in {"Mn", "Mc"} and not is_variation(char))


def is_variation(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def shorten(slug: str, length: int) -> str:
    """Cut at a word where there is one in the last third."""
    if len(slug) <= length:
        return slug
    cut = slug[:length]
    if slug[length] != "-" and (dash := cut.rfind("-")) > length * 2 // 3:
        cut = cut[:dash]
    return cut.strip("-")


def free_slug(wanted: str, is_taken: Callable[[str], bool]) -> str:
    """`wanted`, or else the first of `wanted-2`, `wanted-3`, … that is not taken."""
    slug, n = wanted, 1
    while is_taken(slug):
        n += 1
        ending = f"-{n}"
        slug = shorten(wanted, MAX_LENGTH - len(ending)) + ending
    return slug
