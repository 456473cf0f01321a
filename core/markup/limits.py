"""How much markup is taken, so that a save or a preview always ends soon.

Length alone does not bound the work: the engine is quadratic in unclosed brackets, and
bleach costs most by the tag. So brackets, marks, lines and tags are counted as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

MAX_NESTING = 100
MAX_HEADINGS = 2_000
MARKS = re.compile(r"[*_~`\[\]<&:@\\{\"!$]")
LINKS = re.compile(r"\]\(|://|www\.|@")
CODE_SPAN_OR_ESCAPE = re.compile(r"\\.|(`+)[^`]+\1")
BRACKETS = re.compile(r"[\[\]]")
CONTAINERS = {
    "alert_open",
    "blockquote_open",
    "dd_open",
    "em_open",
    "footnote_reference_open",
    "link_open",
    "list_item_open",
    "s_open",
    "strong_open",
}


class MarkupRefused(ValueError):
    """The text cannot be rendered; the message is one sentence for its writer."""


class Profile(StrEnum):
    POST = "post"
    COMMENT = "comment"


@dataclass(frozen=True)
class Limits:
    length: int
    lines: int
    marks: int
    tags: int
    entities: int
    code_lines: int
    highlighted_spans: int
    highlighted_seconds: float
    formula_characters: int


LIMITS = {
    Profile.POST: Limits(
        length=300_000,
        lines=60_000,
        marks=60_000,
        tags=32_000,
        entities=80_000,
        code_lines=2_500,
        highlighted_spans=8_000,
        highlighted_seconds=0.5,
        formula_characters=15_000,
    ),
    Profile.COMMENT: Limits(
        length=20_000,
        lines=4_000,
        marks=8_000,
        tags=2_400,
        entities=10_000,
        code_lines=200,
        highlighted_spans=500,
        highlighted_seconds=0.05,
        formula_characters=0,
    ),
}


def check_source(text: str, limits: Limits) -> None:
    if len(text) > limits.length:
        raise MarkupRefused(
            f"The text is {len(text):,} characters long; at most {limits.length:,} "
            "are possible."
        )
    if "\0" in text:
        raise MarkupRefused("The text contains a NUL character, which cannot be kept.")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise MarkupRefused(
            "The text contains half of a character (an unpaired surrogate)."
        ) from None
    if text.count("\n") > limits.lines:
        raise MarkupRefused(f"The text has more than {limits.lines:,} lines.")


def check_blocks(state: StateCore) -> None:
    """Refuse, before inlines are parsed, what would take them too long."""
    limits: Limits = state.env["limits"]
    check_nesting(state.tokens)
    if sum(token.type == "heading_open" for token in state.tokens) > MAX_HEADINGS:
        raise_too_much("headings")
    contents = [token.content for token in state.tokens if token.type == "inline"]
    if len(state.tokens) > limits.tags * 2:
        raise_too_much("paragraphs, list items or table cells")
    if sum(len(MARKS.findall(content)) for content in contents) > limits.marks:
        raise_too_much("formatting marks outside code blocks")
    if sum(len(LINKS.findall(content)) for content in contents) > limits.tags // 2:
        raise_too_much("links")
    for content in contents:
        check_brackets(content)


def check_brackets(content: str) -> None:
    if content.count("[") <= MAX_NESTING:
        return
    depth = 0
    for match in BRACKETS.finditer(CODE_SPAN_OR_ESCAPE.sub("", content)):
        depth = depth + 1 if match[0] == "[" else max(depth - 1, 0)
        if depth > MAX_NESTING:
            raise_too_deep()


def check_inlines(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "inline":
            check_nesting(token.children or [])


def check_nesting(tokens: list[Token]) -> None:
    depth = 0
    for token, step in nesting_steps(tokens):
        depth += step
        if depth > MAX_NESTING or token.level > MAX_NESTING * 2 + 2:
            raise_too_deep()


def nesting_steps(tokens: list[Token]) -> Iterator[tuple[Token, int]]:
    for token in tokens:
        if token.type in CONTAINERS:
            yield token, 1
        elif token.type.replace("_close", "_open") in CONTAINERS:
            yield token, -1
        else:
            yield token, 0


def check_html(html: str, limits: Limits) -> None:
    """Refuse before bleach what would take it too long."""
    if html.count("<") > limits.tags * 2:
        raise_too_much("formatted parts")
    if html.count("&") > limits.entities:
        raise_too_much("ampersands or angle brackets")


def raise_too_deep() -> None:
    raise MarkupRefused(
        f"Something in the text is nested more than {MAX_NESTING} levels deep."
    )


def raise_too_much(what: str) -> None:
    raise MarkupRefused(f"The text has too many {what} to be shown as one page.")
