"""`*[HTML]: HyperText Markup Language` explains every HTML in the text.

The syntax is PHP Markdown Extra's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from core.markup.limits import raise_too_much

DEFINITION = re.compile(r"\*\[([^\]\n]{1,60})\]:[ \t]*(\S[^\n]{0,300})?")
MAX_ABBREVIATIONS = 100


def abbreviations_plugin(md: MarkdownIt) -> None:
    md.block.ruler.before(
        "reference", "abbreviation", define, {"alt": ["paragraph", "reference"]}
    )
    md.core.ruler.push("abbreviations", mark)


def define(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    if state.is_code_block(start):
        return False
    begin = state.bMarks[start] + state.tShift[start]
    match = DEFINITION.fullmatch(state.src, begin, state.eMarks[start])
    if match is None or not match[1].strip():
        return False
    if not silent:
        known = state.env.setdefault("abbreviations", {})
        known.setdefault(match[1].strip(), (match[2] or "").strip())
        if len(known) > MAX_ABBREVIATIONS:
            raise_too_much("abbreviations")
        state.line = start + 1
    return True


def mark(state: StateCore) -> None:
    known: dict[str, str] = state.env.get("abbreviations", {})
    if not known:
        return
    longest_first = sorted(known, key=len, reverse=True)
    names = "|".join(map(re.escape, longest_first))
    pattern = re.compile(rf"(?<!\w)({names})(?!\w)")
    for token in state.tokens:
        if token.type == "inline" and pattern.search(token.content):
            token.children = [
                part
                for child in token.children or []
                for part in (
                    marked(child, pattern, known) if child.type == "text" else [child]
                )
            ]


def marked(
    token: Token, pattern: re.Pattern[str], known: dict[str, str]
) -> Iterator[Token]:
    for i, text in enumerate(pattern.split(token.content)):
        words = Token("text", "", 0, content=text, level=token.level)
        if i % 2 == 0:
            if text:
                yield words
        else:
            attributes: dict[str, str | int | float] = {}
            if known[text]:
                attributes["title"] = known[text]
            yield Token("abbr_open", "abbr", 1, attrs=attributes)
            yield words
            yield Token("abbr_close", "abbr", -1)
