"""`@handle` leads to the page of who is meant, where there is one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Set

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

# Addresses of pages by handle in lower case, for those of the handles that have one.
PeopleLookup = Callable[[Set[str]], Mapping[str, str]]

MENTION = re.compile(r"@([a-z0-9_]{2,30})(?![\w@]|[.-]\w)", re.IGNORECASE | re.ASCII)
MAX_MENTIONS = 50


def mentions_plugin(md: MarkdownIt) -> None:
    md.inline.ruler.push("mention", mention)
    md.core.ruler.push("mentions", link_people)


def mention(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    if state.src[state.pos] != "@" or state.linkLevel:
        return False
    match = MENTION.match(state.src, state.pos, state.posMax)
    start = state.pos
    while start and state.src[start - 1] == "_":
        start -= 1
    before = state.src[start - 1] if start else " "
    if match is None or before.isalnum() or before in "@/.":
        return False
    # Underscores on both sides are emphasis, not part of the handle.
    name = match[0].rstrip("_") if start < state.pos else match[0]
    if not silent:
        state.push("mention", "", 0).content = name
    state.pos += len(name)
    return True


def link_people(state: StateCore) -> None:
    mentions = [
        child
        for token in state.tokens
        for child in token.children or ()
        if child.type == "mention"
    ]
    handles = {token.content[1:].lower() for token in mentions[:MAX_MENTIONS]}
    lookup: PeopleLookup | None = state.env["people"]
    pages = lookup(handles) if lookup and handles else {}
    for token in state.tokens if mentions else ():
        if token.children:
            token.children = [
                part for child in token.children for part in linked(child, pages)
            ]


def linked(token: Token, pages: Mapping[str, str]) -> Iterator[Token]:
    if token.type != "mention":
        yield token
        return
    token.type = "text"
    page = pages.get(token.content[1:].lower())
    if page:
        attributes: dict[str, str | int | float] = {"class": "mention", "href": page}
        yield Token("link_open", "a", 1, attrs=attributes)
    yield token
    if page:
        yield Token("link_close", "a", -1)
