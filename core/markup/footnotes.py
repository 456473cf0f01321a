"""Footnotes with ids of our own shape, and names for those who hear the page."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.utils import EnvType
from mdit_py_plugins.footnote import footnote_plugin

from core.markup.rules import rule


def footnotes_plugin(md: MarkdownIt) -> None:
    md.use(footnote_plugin)
    md.add_render_rule("footnote_ref", rule(render_reference))
    md.add_render_rule("footnote_block_open", rule(render_block_open))
    md.add_render_rule("footnote_open", rule(render_open))
    md.add_render_rule("footnote_anchor", rule(render_backlink))


def names(token: Token, env: EnvType) -> tuple[int, str, str]:
    """The footnote's number, its name in ids, and that of this reference to it.

    The second reference to a note ends in `-2`, the third in `-3`.
    """
    again = token.meta.get("subId", 0)
    number = token.meta["id"] + 1
    name = f"{env['anchor']}-{number}" if env["anchor"] else str(number)
    return number, name, f"{name}-{again + 1}" if again > 0 else name


def render_reference(token: Token, env: EnvType) -> str:
    number, note, reference = names(token, env)
    return (
        f'<sup class="footnote-ref"><a href="#fn-{note}" id="fnref-{reference}"'
        f' aria-label="Footnote {number}">{number}</a></sup>'
    )


def render_block_open(token: Token, env: EnvType) -> str:
    return (
        '<section class="footnotes" role="doc-endnotes" aria-label="Footnotes">\n<ol>\n'
    )


def render_open(token: Token, env: EnvType) -> str:
    _, note, _ = names(token, env)
    return f'<li id="fn-{note}" class="footnote-item">'


def render_backlink(token: Token, env: EnvType) -> str:
    _, _, reference = names(token, env)
    # The variation selector keeps the arrow from being shown as an emoji.
    return (
        f' <a href="#fnref-{reference}" class="footnote-backref"'
        ' aria-label="Back to the text">\u21a9\ufe0e</a>'
    )
