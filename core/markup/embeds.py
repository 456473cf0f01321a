"""A bare link on its own line becomes a card that loads nothing until it is clicked.

Without JavaScript the card is the link it was; `static/js/embed.js` puts the frame in
its place when somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType

from core.embeds import Embed, find_embed

MAX_EMBEDS = 50


def find_embeds(state: StateCore) -> None:
    found = 0
    for i, token in enumerate(state.tokens):
        if token.type != "inline" or token.level != 1 or found == MAX_EMBEDS:
            continue
        opening, closing = state.tokens[i - 1], state.tokens[i + 1]
        url = bare_link(token.children or [])
        if opening.type != "paragraph_open" or not url:
            continue
        if embed := find_embed(url):
            found += 1
            opening.hidden = closing.hidden = True
            token.children = [
                Token("embed", "", 0, meta={"embed": embed, "address": url})
            ]


def bare_link(children: Sequence[Token]) -> str:
    """The address of a text that is one address and nothing else."""
    if len(children) != 3 or children[0].type != "link_open":
        return ""
    return str(children[0].attrs["href"]) if children[0].info == "auto" else ""


def render_embed(token: Token, env: EnvType) -> str:
    embed: Embed = token.meta["embed"]
    address: str = token.meta["address"]
    shown = address.split("://", 1)[1].removeprefix("www.")
    return (
        f'<figure class="embed" data-embed="{escape(embed.frame)}">\n'
        f'<a class="embed__link" href="{escape(address)}">'
        f'<span class="embed__provider">A {embed.provider.noun} on '
        f"{embed.provider.name}</span> "
        f'<span class="embed__address">{escape(shown)}</span></a>\n</figure>\n'
    )
