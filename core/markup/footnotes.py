"""Footnotes with ids of our own shape, and names for those who hear the page."""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.footnote import footnote_plugin


def footnotes_plugin(md: MarkdownIt) -> None:
    md.use(footnote_plugin)
    md.add_render_rule("footnote_ref", render_reference)
    md.add_render_rule("footnote_block_open", render_block_open)
    md.add_render_rule("footnote_open", render_open)
    md.add_render_rule("footnote_anchor", render_backlink)


def names(token: Token, env: EnvType) -> tuple[int, str, str]:
    """The footnote's number, its name in ids, and that of this reference to it.

    The second reference to a note ends in `-2`, the third in `-3`.
    """
    again = token.meta.get("subId", 0)
    number = token.meta["id"] + 1
    name = f"{env['anchor']}-{number}" if env["anchor"] else str(number)
    return number, name, f"{name}-{again + 1}" if again > 0 else name


def render_reference(
    self: RendererProtocol,
    tokens: Sequence[Token],
    idx: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    number, note, reference = names(tokens[idx], env)
    return (
        f'<sup class="footnote-ref"><a href="#fn-{note}" id="fnref-{reference}"'
        f' aria-label="Footnote {number}">{number}</a></sup>'
    )


def render_block_open(
    self: RendererProtocol,
    tokens: Sequence[Token],
    idx: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    return (
        '<section class="footnotes" role="doc-endnotes" aria-label="Footnotes">\n<ol>\n'
    )


def render_open(
    self: RendererProtocol,
    tokens: Sequence[Token],
    idx: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    _, note, _ = names(tokens[idx], env)
    return f'<li id="fn-{note}" class="footnote-item">'


def render_backlink(
    self: RendererProtocol,
    tokens: Sequence[Token],
    idx: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    _, _, reference = names(tokens[idx], env)
    # The variation selector keeps the arrow from being shown as an emoji.
    return (
        f' <a href="#fnref-{reference}" class="footnote-backref"'
        ' aria-label="Back to the text">\u21a9\ufe0e</a>'
    )
