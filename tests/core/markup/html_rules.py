"""What stored HTML must satisfy, checked on the tree that a browser would build."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import html5lib
import nh3

from core.markup import Profile, mathml
from core.markup.sanitize import ATTRIBUTES, EVERYWHERE, TAGS

NEVER = """
    script iframe frame frameset object embed applet base form style link meta button
    textarea select input svg template noscript title xmp plaintext audio video
    dialog slot portal marquee body head html
    """
FORBIDDEN = set(NEVER.split())
SCHEMES = re.compile(
    "(?:javascript|vbscript|file|blob|filesystem|view-source|jar|feed|data):"
)
OWN_ID = re.compile(r"section-|fn-|fnref-|[^\s<>\"'&`=]+-L[0-9]+\Z")
URL_ATTRIBUTES = {"href", "src", "srcset", "action", "formaction", "poster", "cite"}


CANDIDATE = r"/media/[\w-]+\.(?:avif|jpg|png|webp) [0-9]+w"
LOADED = {
    "src": re.compile(r"/(?:media|static)/.*", re.DOTALL),
    "srcset": re.compile(rf"{CANDIDATE}(?:, {CANDIDATE})*"),
}


def tree(html: str) -> Any:
    return html5lib.parseFragment(html, namespaceHTMLElements=False)


def elements(html: str) -> Iterator[Any]:
    return (node for node in tree(html).iter() if isinstance(node.tag, str))


def broken_rules(html: str) -> list[str]:
    """One line for everything in the HTML that must never be there."""
    found = []
    for element in elements(html):
        tag = element.tag.lower()
        if tag.rpartition("}")[2] in FORBIDDEN:
            found.append(f"<{tag}>")
        for name, value in element.attrib.items():
            if name.lower().startswith("on") or name in {"style", "srcdoc", "name"}:
                found.append(f"<{tag} {name}>")
            if name in URL_ATTRIBUTES and not is_harmless(unescape(value)):
                found.append(f"<{tag} {name}={value!r}>")
            if name in LOADED and not LOADED[name].fullmatch(value):
                found.append(f"<{tag} {name}={value!r}> loads from elsewhere")
            if name == "id" and not OWN_ID.match(value):
                found.append(f"<{tag} id={value!r}>")
    return found


def is_harmless(url: str) -> bool:
    bare = re.sub("[\\x00-\\x20\\x7f-\\xa0]", "", url).lower()
    return not SCHEMES.match(bare) and not bare.replace("\\", "/").startswith("//")


def oracle(html: str, profile: Profile) -> str:
    """The HTML after the maintained sanitizer with the same lists."""
    tags = set(TAGS[profile])
    return nh3.clean(
        html,
        tags=tags,
        clean_content_tags=set(),
        attributes={tag: attributes_of(tag) for tag in tags},
        link_rel=None,
        url_schemes={"http", "https", "mailto"},
    )


def attributes_of(tag: str) -> set[str]:
    if tag in mathml.TAGS:
        return {"alttext", *mathml.VALUES}
    return set(EVERYWHERE | ATTRIBUTES.get(tag, frozenset()))


def canonical(html: str) -> list[Any]:
    """The tree as plain data: equal for two spellings of the same HTML."""
    out: list[Any] = []

    def visit(node: Any) -> None:
        out.append((node.tag, sorted(node.attrib.items()), node.text or ""))
        for child in node:
            visit(child)
            out.append(("", child.tail or ""))

    visit(tree(html))
    return out
