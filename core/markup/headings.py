"""Headings of a post: levels that fit under the page's title, ids, contents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType

from core.markup.identifiers import Identifiers
from core.slugs import slugify

FIRST_LEVEL = 2
LAST_LEVEL = 6


@dataclass(frozen=True)
class TocEntry:
    level: int
    id: str
    text: str


def number_headings(state: StateCore) -> None:
    """Let the highest heading be h2, keep the distances, give every heading an id."""
    openings = [
        i for i, token in enumerate(state.tokens) if token.type == "heading_open"
    ]
    if not openings:
        return
    shift = FIRST_LEVEL - min(int(state.tokens[i].tag[1]) for i in openings)
    identifiers: Identifiers = state.env["identifiers"]
    beginning = "-".join(filter(None, ["section", state.env["anchor"]]))
    for i in openings:
        opening, inline, closing = state.tokens[i : i + 3]
        level = min(int(opening.tag[1]) + shift, LAST_LEVEL)
        text = " ".join("".join(words(inline.children or [])).split())
        identifier = identifiers.claim(f"{beginning}-{readable(text)}")
        opening.tag = closing.tag = f"h{level}"
        opening.attrs["id"] = closing.meta["id"] = identifier
        if opening.level == 0 and text:
            state.env["toc"].append(TocEntry(level, identifier, text))


def words(children: Sequence[Token]) -> Iterator[str]:
    for token in children:
        if token.type in {"text", "code_inline", "math_inline"}:
            yield token.content
        elif token.type == "image":
            yield from words(token.children or [])
        elif token.type in {"softbreak", "hardbreak"}:
            yield " "


def readable(text: str) -> str:
    """A slug in the script of the text; a title of symbols only gives their names."""
    return slugify(text) or slugify(" ".join(map(symbol_name, text))) or "untitled"


def symbol_name(char: str) -> str:
    if unicodedata.category(char)[0] != "S":
        return ""
    return re.sub(r"[^A-Z0-9]+", " ", unicodedata.name(char, "")).strip()


def render_heading_close(token: Token, env: EnvType) -> str:
    # Its sign comes from the stylesheet, so that copied text and feeds have none.
    return (
        f' <a class="heading-anchor" href="#{token.meta["id"]}"'
        f' aria-label="Link to this section"></a></{token.tag}>\n'
    )


def flatten_headings(state: StateCore) -> None:
    """Make bold paragraphs of a comment's headings: the outline is the page's."""
    for i, token in enumerate(state.tokens):
        if token.type != "heading_open":
            continue
        inline, closing = state.tokens[i + 1], state.tokens[i + 2]
        token.type, closing.type = "paragraph_open", "paragraph_close"
        token.tag = closing.tag = "p"
        inline.children = [
            Token("strong_open", "strong", 1),
            *(inline.children or []),
            Token("strong_close", "strong", -1),
        ]
