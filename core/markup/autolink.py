"""Bare addresses become links, by GFM's rules and in linear time.

The plugin for this copies the rest of the text at every colon, which takes minutes on a
text of colons.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

BEFORE = set(" \t\r\n*_~(")
DOMAIN = re.compile(r"[^\W_](?:[\w-]{0,62}[^\W_])?(?:\.[\w-]{1,63}){0,20}")
REST = re.compile(r"[^\s<]*")
EMAIL_DOMAIN = re.compile(r"@[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63}){1,10}")
LOCAL_PART = re.compile(r"[A-Za-z0-9.+_-]{1,64}$")
REST_OF_LOCAL_PART = re.compile(r"_[A-Za-z0-9.+_-]{0,63}(?=@)")
ENTITY_END = re.compile(r"&[A-Za-z0-9]{1,31};$")
TRAILING = "?!.,:*_~'\""


def autolink_plugin(
    md: MarkdownIt, *, schemes: Sequence[str] = ("https", "http")
) -> None:
    """Link bare addresses of these schemes, hosts that begin with www., and mail."""

    def link_scheme(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
        return link_address(state, silent, schemes)

    md.inline.add_terminator_char("w")
    md.inline.ruler.push("autolink_www", link_www)
    md.inline.ruler.push("autolink_scheme", link_scheme)
    # Before an underscore in the middle of an address is taken for emphasis.
    md.inline.ruler.before("emphasis", "autolink_email", link_email)


def link_www(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    start = state.pos
    if silent or not state.src.startswith("www.", start):
        return False
    if not is_boundary(state, start):
        return False
    end = find_end(state.src, start, start, state.posMax, dots=2)
    return end > 0 and push_link(state, start, end, "http://" + state.src[start:end])


def link_address(
    state: StateInline,
    silent: bool,  # noqa: FBT001
    schemes: Sequence[str],
) -> bool:
    if silent or not state.src.startswith("://", state.pos):
        return False
    for scheme in schemes:
        start = state.pos - len(scheme)
        if start >= 0 and state.src.startswith(scheme, start):
            break
    else:
        return False
    if not is_boundary(state, start):
        return False
    end = find_end(state.src, start, state.pos + 3, state.posMax, dots=0)
    return end > 0 and push_link(state, start, end, state.src[start:end])


def link_email(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    if silent or state.src[state.pos] not in "@_":
        return False
    at = state.pos
    if rest := REST_OF_LOCAL_PART.match(state.src, at, state.posMax):
        at = rest.end()
    local = LOCAL_PART.search(state.src[max(0, at - 65) : at])
    domain = EMAIL_DOMAIN.match(state.src, at, state.posMax)
    if not local or not domain or domain[0][-1] in "-_":
        return False
    start = at - len(local[0])
    if start > state.pos or not is_boundary(state, start):
        return False
    end = domain.end()
    return push_link(state, start, end, "mailto:" + state.src[start:end])


def is_boundary(state: StateInline, start: int) -> bool:
    if state.linkLevel or (start and state.src[start - 1] not in BEFORE):
        return False
    # What was taken as text so far must be what the link begins with.
    begun = state.pos - start
    return begun == 0 or state.pending.endswith(state.src[start : state.pos])


def find_end(src: str, start: int, host: int, limit: int, *, dots: int) -> int:
    """Where the address ends, or 0 if its host is none."""
    domain = DOMAIN.match(src, host, limit)
    if domain is None or domain[0].count(".") < dots:
        return 0
    if any("_" in label for label in domain[0].split(".")[-2:]):
        return 0
    rest = REST.match(src, domain.end(), limit)
    end = trim(src, start, rest.end() if rest else domain.end())
    return end if end > host else 0


def trim(src: str, start: int, end: int) -> int:
    """Leave out closing punctuation that belongs to the sentence."""
    surplus = src.count(")", start, end) - src.count("(", start, end)
    while end > start:
        last = src[end - 1]
        if last in TRAILING:
            end -= 1
        elif last == ")" and surplus > 0:
            end -= 1
            surplus -= 1
        elif last == ";":
            entity = ENTITY_END.search(src[max(start, end - 34) : end])
            end -= len(entity[0]) if entity else 1
        else:
            break
    return end


def push_link(state: StateInline, start: int, end: int, url: str) -> bool:
    href = state.md.normalizeLink(url)
    if not state.md.validateLink(href):
        return False
    if begun := state.pos - start:
        state.pending = state.pending[:-begun]
    opening = state.push("link_open", "a", 1)
    opening.attrs = {"href": href}
    opening.markup, opening.info = "autolink", "auto"
    state.push("text", "", 0).content = state.src[start:end]
    closing = state.push("link_close", "a", -1)
    closing.markup, closing.info = "autolink", "auto"
    state.pos = end
    return True
