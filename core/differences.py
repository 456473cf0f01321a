"""What changed between two texts, for people: by lines, and inside them by words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CONTEXT = 2
MAX_LINES = 1_000
MAX_WORDS = 1_000
TOKEN = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class Piece:
    text: str
    is_changed: bool = False


@dataclass(frozen=True)
class Line:
    """`kind` is same, removed, added, or gap for lines left out."""

    kind: str
    pieces: Sequence[Piece]


def differences(old: str, new: str) -> list[Line]:
    """The changed lines with a little around them; empty where nothing changed.

    The time it takes is bounded: very many changed lines are one that was removed and
    one that was added.
    """
    before, after = old.splitlines(), new.splitlines()
    if before == after:
        return []
    before, after = near_changes(before, after)
    if len(before) + len(after) > MAX_LINES:
        texts = ("removed", before), ("added", after)
        return [Line(kind, [Piece("\n".join(text))]) for kind, text in texts]
    lines: list[Line] = []
    matcher = SequenceMatcher(None, before, after)
    for number, group in enumerate(matcher.get_grouped_opcodes(CONTEXT)):
        if number:
            lines.append(Line("gap", []))
        for tag, a, b, c, d in group:
            if tag == "equal":
                lines += [Line("same", [Piece(text)]) for text in before[a:b]]
            else:
                lines += changed(before[a:b], after[c:d])
    return lines


def near_changes(before: list[str], after: list[str]) -> tuple[list[str], list[str]]:
    """Both without what they begin and end with in common, but for the context."""
    shorter = min(len(before), len(after))
    start = next((n for n in range(shorter) if before[n] != after[n]), shorter)
    rest = shorter - start
    end = next((n for n in range(rest) if before[-1 - n] != after[-1 - n]), rest)
    first, last = max(0, start - CONTEXT), max(0, end - CONTEXT)
    return before[first : len(before) - last], after[first : len(after) - last]


def changed(before: Sequence[str], after: Sequence[str]) -> Iterator[Line]:
    if len(before) != len(after):
        yield from (Line("removed", [Piece(text)]) for text in before)
        yield from (Line("added", [Piece(text)]) for text in after)
        return
    for old, new in zip(before, after, strict=True):
        removed, added = by_words(old, new)
        yield Line("removed", removed)
        yield Line("added", added)


def by_words(old: str, new: str) -> tuple[list[Piece], list[Piece]]:
    before, after = TOKEN.findall(old), TOKEN.findall(new)
    if len(before) + len(after) > MAX_WORDS:
        return [Piece(old)], [Piece(new)]
    removed, added = [], []
    for tag, a, b, c, d in SequenceMatcher(None, before, after).get_opcodes():
        if a < b:
            removed.append(Piece("".join(before[a:b]), tag != "equal"))
        if c < d:
            added.append(Piece("".join(after[c:d]), tag != "equal"))
    return removed, added
