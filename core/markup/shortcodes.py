"""`:tada:` and its kin, by the names that GitHub and Slack use."""

from __future__ import annotations

import re
from functools import cache

import emoji
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

SHORTCODE = re.compile(r":(?=([a-z0-9_+-]{1,60}):)", re.ASCII)


def shortcodes_plugin(md: MarkdownIt) -> None:
    md.inline.ruler.push("shortcode", shortcode)


def shortcode(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    if state.src[state.pos] != ":":
        return False
    match = SHORTCODE.match(state.src, state.pos, state.posMax)
    # Not in the middle of a time or a ratio: 10:30:45.
    if match is None or (state.pos and state.src[state.pos - 1].isalnum()):
        return False
    sign = names().get(match[1])
    if sign is None:
        return False
    if not silent:
        token = state.push("text_special", "", 0)
        token.content, token.markup, token.info = sign, match[1], "emoji"
    state.pos += len(match[1]) + 2
    return True


@cache
def names() -> dict[str, str]:
    return {
        name.strip(":"): sign
        for sign, data in emoji.EMOJI_DATA.items()
        if data["status"] == emoji.STATUS["fully_qualified"]
        for name in (data["en"], *data.get("alias", ()))
    }
