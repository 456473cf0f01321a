"""Text that was copied from a page, given back its shape as Markdown.

Only what is certain is changed; everything else stays for a person to look at.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby
from typing import TYPE_CHECKING

from pygments.lexers import find_lexer_class_by_name
from pygments.util import ClassNotFound

if TYPE_CHECKING:
    from collections.abc import Iterable

BUTTONS = frozenset(
    {
        "Enter fullscreen mode Exit fullscreen mode",
        "Enter fullscreen mode",
        "Exit fullscreen mode",
    }
)
BULLET = re.compile(r"(?P<indent>[ \t]*)\u2022[ \t\u00a0]+(?P<item>.*)")
LANGUAGE = re.compile(r"[a-z][a-z0-9+#]{0,14}")
POSTED_ON = re.compile(r"[ \t]*Posted on (?P<date>[^\n]{6,40}?)[ \t]*", re.IGNORECASE)
NUMBERED = re.compile(r"(?P<sign>\S{1,8})[ \t]+\d{1,2}\.[ \t]+\S.*")
FENCE = re.compile(r" {0,3}(?P<fence>`{3,}|~{3,})")
HEADING_LENGTH = 80
FOOTER_LINES = 12


def code_fenced(lines: list[str]) -> list[str]:
    """Fence code that stands between its language's name and the page's buttons."""
    shaped: list[str] = []
    opened: int | None = None
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        word = line.strip()
        if word in BUTTONS:
            if opened is not None:
                code = [line.rstrip() for line in shaped[opened + 1 :]]
                shaped[opened:] = [f"```{shaped[opened].strip()}", *code, "```", ""]
                opened = None
            continue
        is_alone_above = not shaped or not shaped[-1].strip()
        if is_alone_above and following.strip() and is_language(word):
            opened = len(shaped)
        shaped.append(line)
    return shaped


def is_language(word: str) -> bool:
    if not LANGUAGE.fullmatch(word):
        return False
    try:
        find_lexer_class_by_name(word)
    except ClassNotFound:
        return False
    return True


def bullets_listed(lines: list[str]) -> list[str]:
    """Make Markdown lists of lines that begin with `•`, nested as they are indented."""
    shaped: list[str] = []
    fenced = fenced_lines(lines)
    pairs = zip(lines, fenced, strict=True)
    for is_list, group in groupby(pairs, is_bullet):
        if not is_list:
            shaped += [line for line, _ in group]
            continue
        matches = [match for line, _ in group if (match := BULLET.fullmatch(line))]
        depths = sorted({width(match["indent"]) for match in matches})
        shaped += [
            "  " * depths.index(width(match["indent"])) + "- " + match["item"]
            for match in matches
        ]
    return shaped


def is_bullet(pair: tuple[str, bool]) -> bool:
    line, is_fenced = pair
    return not is_fenced and BULLET.fullmatch(line) is not None


def width(indent: str) -> int:
    return len(indent.expandtabs(4))


def headings_marked(lines: list[str]) -> list[str]:
    """Make headings of `🧩 1. Title` lines, and of the lines like them without number.

    A line alone between empty ones; two with numbers have to be there, for one may be
    anything.
    """
    fenced = fenced_lines(lines)
    alone = [
        index
        for index, line in enumerate(lines)
        if stands_alone(lines, index) and not fenced[index] and starts_with_emoji(line)
    ]
    if sum(NUMBERED.fullmatch(lines[index].strip()) is not None for index in alone) < 2:
        return lines
    shaped = list(lines)
    for index in alone:
        shaped[index] = f"## {lines[index].strip()}"
    return shaped


def stands_alone(lines: list[str], index: int) -> bool:
    before = lines[index - 1] if index else ""
    after = lines[index + 1] if index + 1 < len(lines) else ""
    return not before.strip() and not after.strip()


def starts_with_emoji(line: str) -> bool:
    sign, _, title = line.strip().partition(" ")
    return (
        bool(sign)
        and len(line) <= HEADING_LENGTH
        and unicodedata.category(sign[0]) == "So"
        and not any(char.isalnum() for char in sign)
        and any(char.isalpha() for char in title)
    )


def footer_dropped(lines: list[str]) -> list[str]:
    """Drop the foot of a page: a short end that begins with the head's lines again.

    The head is what stands before the first `Posted on …`, without headings.
    """
    dated = [index for index, line in enumerate(lines) if POSTED_ON.fullmatch(line)]
    if len(dated) < 2 or lines[dated[0]].strip() != lines[dated[-1]].strip():
        return lines
    head = words_of(line for line in lines[: dated[0]] if not line.startswith("#"))
    if not head or len(words_of(lines[dated[-1] :])) > FOOTER_LINES:
        return lines
    for start in range(dated[-1], dated[0], -1):
        again = words_of(lines[start : dated[-1]])
        if again == head:
            return lines[:start]
        if len(again) > len(head):
            break
    return lines


def words_of(lines: Iterable[str]) -> list[str]:
    return [line.strip() for line in lines if line.strip()]


def fenced_lines(lines: list[str]) -> list[bool]:
    """For each line, whether it belongs to a fenced block of code."""
    inside: list[bool] = []
    fence = ""
    for line in lines:
        match = FENCE.match(line)
        if fence:
            inside.append(True)
            if match and match["fence"].startswith(fence) and not line.strip("`~ \t"):
                fence = ""
        else:
            fence = match["fence"] if match else ""
            inside.append(bool(fence))
    return inside
