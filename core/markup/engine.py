"""The Markdown engine of each profile: what it reads, and how it writes HTML."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType
from mdit_py_plugins.deflist import deflist_plugin

from core.markup import (
    block_limits,
    code,
    embeds,
    footnotes,
    headings,
    images,
    maths,
    raw_html,
    typography,
)
from core.markup.abbreviations import abbreviations_plugin
from core.markup.autolink import autolink_plugin
from core.markup.escaping import escape_text
from core.markup.limits import MAX_NESTING, Profile, check_blocks, check_inlines
from core.markup.mentions import mentions_plugin
from core.markup.rules import Writer, rule
from core.markup.shortcodes import shortcodes_plugin
from core.markup.urls import is_safe_url

# A list is two levels of the engine. It stops reading silently at its own limit, so
# that has to lie beyond the one which is refused with a sentence.
ENGINE_NESTING = MAX_NESTING * 2 + 20


@cache
def engine(profile: Profile) -> MarkdownIt:
    is_post = profile is Profile.POST
    md = MarkdownIt(
        "commonmark",
        {
            "html": is_post,
            "xhtmlOut": False,
            "maxNesting": ENGINE_NESTING,
            "tasklists": True,
            "alerts": is_post,
            "strikethrough_single_tilde": True,
        },
    )
    md.enable(["table", "strikethrough"])
    md.use(autolink_plugin)
    md.normalizeLink = normalize_link  # type: ignore[method-assign]
    md.validateLink = is_safe_url  # type: ignore[method-assign]
    md.core.ruler.after("block", "check_blocks", check_blocks)
    md.core.ruler.after("inline", "check_inlines", check_inlines)
    block_limits.install(md)
    md.use(shortcodes_plugin)
    if is_post:
        md.use(deflist_plugin)
        md.use(footnotes.footnotes_plugin)
        md.use(maths.maths_plugin)
        md.use(abbreviations_plugin)
        md.core.ruler.before("text_join", "typography", typography.set_type)
        md.core.ruler.push("headings", headings.number_headings)
        md.core.ruler.push("images", images.frame_images)
        md.core.ruler.push("embeds", embeds.find_embeds)
    else:
        md.use(mentions_plugin)
        md.core.ruler.push("headings", headings.flatten_headings)
    md.core.ruler.push("tidy", tidy)
    md.add_render_rule("image", images.render_image)
    for name, write in writers(is_post=is_post).items():
        md.add_render_rule(name, rule(write))
    return md


def writers(*, is_post: bool) -> dict[str, Writer]:
    found: dict[str, Writer] = {
        "code_block": code.render_indented,
        "code_inline": render_code,
        "fence": code.render_fence,
        "table_close": render_table_close,
        "table_open": render_table_open,
        "task_box": render_task_box,
        "text": render_text,
    }
    if is_post:
        found["embed"] = embeds.render_embed
        found["heading_close"] = headings.render_heading_close
        found["html_block"] = found["html_inline"] = raw_html.render_raw_html
    return found


def tidy(state: StateCore) -> None:
    for i, token in enumerate(state.tokens):
        if token.tag in {"td", "th"} and "style" in token.attrs:
            alignment = str(token.attrs.pop("style")).removeprefix("text-align:")
            token.attrs["class"] = f"align-{alignment}"
        elif token.type == "list_item_open" and "checked" in token.meta:
            move_box(token, state.tokens[i + 1 : i + 3])
        for child in token.children or ():
            if child.type in {"s_open", "s_close"}:
                child.tag = "del"
            elif child.type == "link_open" and state.env["rel"]:
                child.attrs["rel"] = state.env["rel"]


def move_box(item: Token, following: Sequence[Token]) -> None:
    """Put the box of a task into its first paragraph, so that it stays on its line."""
    is_done = item.meta.pop("checked")
    if following[0].type == "paragraph_open":
        box = Token("task_box", "", 0, meta={"is_done": is_done})
        following[1].children = [box, *(following[1].children or [])]


def normalize_link(url: str) -> str:
    return normalizeLink("https:" + url if url.startswith("//") else url)


def render_task_box(token: Token, env: EnvType) -> str:
    # A box that cannot be ticked is a picture of one, not a control.
    sign, name = ("☑", "Done") if token.meta["is_done"] else ("☐", "To do")
    return f'<span class="task-box" role="img" aria-label="{name}">{sign}</span> '


def render_text(token: Token, env: EnvType) -> str:
    return escape_text(token.content)


def render_code(token: Token, env: EnvType) -> str:
    return f"<code>{escape_text(token.content)}</code>"


def render_table_open(token: Token, env: EnvType) -> str:
    return (
        '<div class="table-scroll" role="region" tabindex="0" aria-label="Table">\n'
        "<table>\n"
    )


def render_table_close(token: Token, env: EnvType) -> str:
    return "</table>\n</div>\n"
