"""Examples of the specifications, and how their HTML is compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import Any

import html5lib

from tests import corpora

BLOCKS = (
    "address article aside blockquote dd details div dl dt figure figcaption footer "
    "form h1 h2 h3 h4 h5 h6 header hr li ol p pre section summary table tbody td tfoot "
    "th thead tr ul"
)
AROUND_BLOCKS = re.compile(rf"\s*(</?(?:{BLOCKS.replace(' ', '|')})(?: [^>]*)?>)\s*")


def examples(name: str) -> list[dict[str, Any]]:
    """`{markdown, html, example, section}` of one specification."""
    found: list[dict[str, Any]] = corpora.load(f"markdown/{name}.json")
    return found


def normalized(html: str) -> str:
    """HTML as CommonMark's own tests compare it (`normalize.py` in its repository).

    White space around blocks says nothing, outside `pre` all white space is one space,
    attributes have no order, and a reference is the sign it stands for.
    """
    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    return AROUND_BLOCKS.sub(r"\1", "".join(written(tree, is_pre=False))).strip()


def written(node: Any, *, is_pre: bool) -> Iterator[str]:
    is_pre = is_pre or node.tag == "pre"
    yield spaced(node.text, is_pre=is_pre)
    for child in node:
        if isinstance(child.tag, str):
            attributes = (
                f' {name}="{escape(value)}"'
                for name, value in sorted(child.attrib.items())
            )
            yield f"<{child.tag}{''.join(attributes)}>"
            yield from written(child, is_pre=is_pre)
            yield f"</{child.tag}>"
        else:
            yield f"<!--{child.text}-->"
        yield spaced(child.tail, is_pre=is_pre)


def spaced(text: str | None, *, is_pre: bool) -> str:
    text = escape(text or "", quote=False)
    return text if is_pre else re.sub(r"\s+", " ", text)
