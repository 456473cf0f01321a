"""Pictures: our own are shown, with their size; those of other hosts become links.

A page that loads nothing from elsewhere cannot tell anybody who reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from markdown_it.renderer import RendererHTML, RendererProtocol
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from core.markup.urls import is_own_file, is_safe_url

SIZES = "(max-width: 48rem) 100vw, 48rem"


@dataclass(frozen=True)
class ImageInfo:
    width: int
    height: int
    srcset: str = ""
    avif_srcset: str = ""


ImageLookup = Callable[[str], ImageInfo | None]


def frame_images(state: StateCore) -> None:
    """Make a figure of a paragraph that is one picture with a title."""
    for i, token in enumerate(state.tokens):
        if token.type != "inline":
            continue
        children = token.children or []
        note_links_around(children)
        if len(children) != 1 or state.tokens[i - 1].type != "paragraph_open":
            continue
        image = children[0]
        if image.type == "image" and image.attrs.get("title") and is_shown(image):
            image.meta["caption"] = str(image.attrs.pop("title"))
            opening, closing = state.tokens[i - 1], state.tokens[i + 1]
            opening.tag = closing.tag = "figure"
            opening.hidden = closing.hidden = False


def is_shown(image: Token) -> bool:
    return is_own_file(str(image.attrs["src"]))


def note_links_around(children: Sequence[Token]) -> None:
    depth = 0
    for token in children:
        depth += token.nesting if token.tag == "a" else 0
        if token.type == "image":
            token.meta["is_linked"] = depth > 0


def render_image(
    self: RendererProtocol,
    tokens: Sequence[Token],
    idx: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    token = tokens[idx]
    alt = RendererHTML().renderInlineAsText(token.children, options, env)
    html = image_html(
        str(token.attrs.get("src", "")),
        alt,
        str(token.attrs.get("title", "")),
        env,
        is_linked=bool(token.meta.get("is_linked")),
    )
    if caption := token.meta.get("caption"):
        html += f"\n<figcaption>{escape(caption)}</figcaption>\n"
    return html


def image_html(
    src: str, alt: str, title: str, env: EnvType, *, is_linked: bool = False
) -> str:
    if not env["shows_pictures"] or not is_own_file(src):
        return link_html(src, alt or title or src, env, is_linked=is_linked)
    attributes = {"src": src, "alt": alt}
    source: dict[str, str] = {}
    if title:
        attributes["title"] = title
    lookup: ImageLookup | None = env["images"]
    if lookup and src.startswith("/media/") and (info := lookup(src)):
        attributes |= {"width": str(info.width), "height": str(info.height)}
        if info.srcset:
            attributes |= {"srcset": info.srcset, "sizes": SIZES}
        if info.avif_srcset:
            source = {"type": "image/avif", "srcset": info.avif_srcset, "sizes": SIZES}
    attributes |= {"loading": "lazy", "decoding": "async"}
    img = tag_html("img", attributes)
    return f"<picture>{tag_html('source', source)}{img}</picture>" if source else img


def tag_html(name: str, attributes: Mapping[str, str]) -> str:
    written = " ".join(f'{key}="{escape(value)}"' for key, value in attributes.items())
    return f"<{name} {written}>"


def link_html(src: str, text: str, env: EnvType, *, is_linked: bool) -> str:
    if is_linked or not src or not is_safe_url(src):
        return escape(text)
    rel = f' rel="{env["rel"]}"' if env["rel"] else ""
    return f'<a href="{escape(src)}"{rel}>{escape(text)}</a>'
