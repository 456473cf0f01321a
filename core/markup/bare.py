"""CommonMark and GFM as their specifications write them, for conformance only.

No page uses these profiles: they trust the text, and nothing cleans their output.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from core.markup.autolink import autolink_plugin

# https://github.github.com/gfm/#disallowed-raw-html-extension-
DISALLOWED = re.compile(
    r"<(?=/?(?:title|textarea|style|xmp|iframe|noembed|noframes|script|plaintext)"
    r"[\s/>])",
    re.IGNORECASE,
)
BOX = '<input disabled="" type="checkbox">'
TICKED_BOX = '<input checked="" disabled="" type="checkbox">'


class BareProfile(StrEnum):
    COMMONMARK = "commonmark"
    GFM = "gfm"


def render_bare(text: str, profile: BareProfile) -> str:
    """The HTML of CommonMark 0.31.2, or of it with GFM's extensions. Not safe."""
    return str(bare_engine(profile).render(text))


@cache
def bare_engine(profile: BareProfile) -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": True, "xhtmlOut": True})
    if profile is BareProfile.GFM:
        md.options["tasklists"] = True
        md.options["strikethrough_single_tilde"] = True
        md.enable(["table", "strikethrough"])
        md.use(autolink_plugin, schemes=("https", "http", "ftp"))
        md.core.ruler.push("as_in_gfm", as_in_gfm)
        md.add_render_rule("html_block", render_filtered)
        md.add_render_rule("html_inline", render_filtered)
        md.add_render_rule("list_item_open", render_list_item)
    return md


def as_in_gfm(state: StateCore) -> None:
    """Give tables, deletions and tasks the marks that GFM's examples have."""
    for token in state.tokens:
        if alignment := token.attrs.pop("style", ""):
            token.attrs["align"] = str(alignment).removeprefix("text-align:")
        if token.type in {"bullet_list_open", "ordered_list_open", "list_item_open"}:
            token.attrs.pop("class", None)
        for child in token.children or ():
            if child.type in {"s_open", "s_close"}:
                child.tag = "del"


def render_list_item(
    self: RendererHTML,
    tokens: Sequence[Token],
    idx: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    is_ticked = tokens[idx].meta.get("checked")
    box = "" if is_ticked is None else f"{TICKED_BOX if is_ticked else BOX} "
    return self.renderToken(tokens, idx, options, env) + box


def render_filtered(
    self: RendererHTML,
    tokens: Sequence[Token],
    idx: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    return DISALLOWED.sub("&lt;", tokens[idx].content)
