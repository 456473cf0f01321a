"""A writer's own HTML, before the sanitizer decides: pictures and headings fit in.

Which files of a picture there are to choose from is known here, not to the writer.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

from markdown_it.token import Token
from markdown_it.utils import EnvType

from core.markup import mathml
from core.markup.images import image_html

# A whole tag, with whatever stands in its values. Nothing in it is read twice.
TAG = re.compile(
    r"""<(/?)([a-z][a-z0-9]*)(?=[\s/>])(?>[^<>"']++|"[^"]{0,2000}"|'[^']{0,2000}')*+>""",
    re.IGNORECASE,
)
CHOICE = {"picture", "source"}


class ImageTag(HTMLParser):
    def __init__(self, tag: str) -> None:
        super().__init__()
        self.attributes: dict[str, str] = {}
        self.feed(tag)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes = {name: value or "" for name, value in attrs}


def render_raw_html(token: Token, env: EnvType) -> str:
    def fit(match: re.Match[str]) -> str:
        name = match[2].lower()
        if name in CHOICE:
            return ""
        if name == "h1":
            return f"<{match[1]}h2{match[0][len(match[1]) + 3 :]}"
        return show(match[0], env) if name == "img" else match[0]

    return TAG.sub(fit, mathml.IN_RAW_HTML.sub("&lt;", token.content))


def show(tag: str, env: EnvType) -> str:
    found = ImageTag(tag).attributes
    return image_html(
        found.get("src", ""), found.get("alt", ""), found.get("title", ""), env
    )
