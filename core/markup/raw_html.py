"""A writer's own HTML, before the sanitizer decides: pictures and headings fit in.

Which files of a picture there are to choose from is known here, not to the writer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser

from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from core.markup import mathml
from core.markup.images import image_html

IMAGE = re.compile(r"<img(?=[\s/>])[^<>]*>", re.IGNORECASE)
CHOICE = re.compile(r"</?(?:picture|source)(?=[\s/>])[^<>]*>", re.IGNORECASE)
FIRST_HEADING = re.compile(r"(</?)h1(?=[\s>])", re.IGNORECASE)


class ImageTag(HTMLParser):
    def __init__(self, tag: str) -> None:
        super().__init__()
        self.attributes: dict[str, str] = {}
        self.feed(tag)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes = {name: value or "" for name, value in attrs}


def render_raw_html(
    self: RendererProtocol,
    tokens: Sequence[Token],
    idx: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    def show(match: re.Match[str]) -> str:
        found = ImageTag(match[0]).attributes
        return image_html(
            found.get("src", ""), found.get("alt", ""), found.get("title", ""), env
        )

    html = mathml.IN_RAW_HTML.sub("&lt;", tokens[idx].content)
    html = CHOICE.sub("", FIRST_HEADING.sub(r"\1h2", html))
    return IMAGE.sub(show, html)
