"""The last step: one allow-list per profile, applied by bleach.

Bleach is final and parses with its own copy of html5lib, so this is the only module
that knows it. It also bounds and mends what is quadratic there: nesting, the attributes
of one tag, and the walk over many siblings. Values of attributes are checked here, not
by bleach's `protocols`, which takes `javascript:0` for a host with a port.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from bleach import html5lib_shim
from bleach._vendor.html5lib import treebuilders  # type: ignore[import-not-found]
from bleach._vendor.html5lib.treewalkers.base import (  # type: ignore[import-not-found]
    TreeWalker,
)
from bleach.sanitizer import Cleaner

from core.embeds import is_frame
from core.markup import mathml
from core.markup.limits import MAX_NESTING, Profile, raise_too_deep, raise_too_much
from core.markup.urls import is_own_file, is_safe_url

# Every level in Markdown is at most two elements; raw HTML and our own wrappers add.
MAX_ELEMENTS_OPEN = MAX_NESTING * 3
MAX_ATTRIBUTES = 50
VOID = {"br", "col", "hr", "img", "source", "wbr"}

IN_BOTH = (
    "a blockquote br code del div em figcaption figure hr img ins li mark ol p picture "
    "pre source span strong table tbody td th thead tr ul"
)
IN_POSTS = (
    "abbr b bdi bdo caption cite col colgroup dd details dfn dl dt h2 h3 h4 h5 h6 i "
    "kbd q rp rt ruby s samp section small sub summary sup tfoot time u var wbr"
)
COMMENT_TAGS = frozenset(IN_BOTH.split())
POST_TAGS = COMMENT_TAGS | frozenset(IN_POSTS.split()) | mathml.TAGS
TAGS = {Profile.POST: POST_TAGS, Profile.COMMENT: COMMENT_TAGS}

EVERYWHERE = frozenset({"class", "dir", "id", "lang", "title"})
ATTRIBUTES = {
    "a": {"aria-label", "data-line", "href", "rel", "tabindex"},
    "col": {"span"},
    "colgroup": {"span"},
    "details": {"open"},
    "div": {"aria-label", "role", "tabindex"},
    "figure": {"data-code-block", "data-embed"},
    "img": {
        "alt",
        "decoding",
        "height",
        "loading",
        "sizes",
        "src",
        "srcset",
        "width",
    },
    "li": {"value"},
    "ol": {"reversed", "start"},
    "pre": {"tabindex"},
    "section": {"aria-label", "role"},
    "source": {"sizes", "srcset", "type"},
    "span": {"aria-label", "role"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
}

# What the renderer itself writes; a writer's own HTML gets no other class, so that it
# cannot dress up as a part of the page.
CLASS = re.compile(
    r"code-block|code-line(?:__number)?|language-[\w+#.-]{1,40}|table-scroll"
    r"|embed(?:__[a-z]+)?|math-block|mention"
    r"|align-(?:left|center|right)|contains-task-list|task-list-item"
    r"|markdown-alert(?:-[a-z]+)?|heading-anchor|footnote(?:s|-[a-z]+)"
)
SPAN_CLASS = re.compile(
    r"code-block__[a-z]+|code-line(?:__sign)?|embed__[a-z]+|task-box|[a-z][a-z0-9]?"
)
IDENTIFIER = re.compile(
    r"(?:section|fn|fnref)-[^\s<>\"'&`=]{1,120}|[^\s<>\"'&`=]{1,120}-L[0-9]{1,9}"
)
SMALL_NUMBER = re.compile(r"[0-9]{1,3}")
CANDIDATE = r"/media/[\w-]+\.(?:avif|jpg|png|webp) [0-9]+w"
SRCSET = re.compile(rf"{CANDIDATE}(?:, {CANDIDATE})*")
REL = {
    "author",
    "external",
    "license",
    "nofollow",
    "noopener",
    "noreferrer",
    "sponsored",
    "ugc",
}


def matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


def is_small_number(value: str) -> bool:
    return SMALL_NUMBER.fullmatch(value) is not None


VALUES: dict[str, Callable[[str], bool]] = {
    "colspan": is_small_number,
    "data-code-block": matches(""),
    "data-embed": is_frame,
    "data-line": matches("[0-9]{1,9}"),
    "decoding": matches("async"),
    "dir": matches("ltr|rtl|auto"),
    "height": matches("[0-9]{1,5}"),
    "href": is_safe_url,
    "id": lambda value: IDENTIFIER.fullmatch(value) is not None,
    "lang": matches("[A-Za-z0-9-]{1,35}"),
    "loading": matches("lazy"),
    "rel": lambda value: set(value.split()) <= REL,
    "role": matches("group|region|img|doc-endnotes"),
    "rowspan": is_small_number,
    "scope": matches("row|col|rowgroup|colgroup"),
    "sizes": matches(r"[\w() :.,%-]{1,100}"),
    "span": is_small_number,
    "src": is_own_file,
    "srcset": lambda value: SRCSET.fullmatch(value) is not None,
    "start": matches("-?[0-9]{1,9}"),
    "tabindex": matches("0|-1"),
    "type": matches("image/(?:avif|webp)"),
    "value": matches("-?[0-9]{1,9}"),
    "width": matches("[0-9]{1,5}"),
}
# int() of more digits than Python converts would fail inside bleach, and its search for
# the end of a reference is quadratic.
LONG_REFERENCE = re.compile(r"&(?=#\w{9})")


class BoundedElements(list[Any]):
    """html5lib's stack of open elements; depth is what bleach is quadratic in."""

    def append(self, element: Any) -> None:
        if len(self) > MAX_ELEMENTS_OPEN:
            raise_too_deep()
        super().append(element)


class BoundedTreeBuilder(treebuilders.getTreeBuilder("etree")):  # type: ignore[misc]
    def reset(self) -> None:
        super().reset()
        self.openElements = BoundedElements()


class BoundedParser(html5lib_shim.BleachHTMLParser):
    def reset(self) -> None:
        super().reset()
        tokenizer: Any = self.tokenizer
        next_attribute = tokenizer.beforeAttributeNameState

        def bounded() -> bool:
            if len(tokenizer.currentToken["data"]) > MAX_ATTRIBUTES:
                raise_too_much("attributes in one HTML tag")
            return bool(next_attribute())

        tokenizer.beforeAttributeNameState = bounded


class LinearWalker(TreeWalker):  # type: ignore[misc]
    """The walk that bleach serializes, without searching every parent for a child.

    Of HTML inside a formula only the text is left: browsers disagree on what it is.
    """

    def __iter__(self) -> Iterator[dict[str, Any]]:
        yield from self.characters(self.tree.text)
        # Inside something lost only text is left, however deep it is.
        stack = [(self.tree, iter(self.tree), False)]
        while stack:
            parent, children, hides = stack[-1]
            element = next(children, None)
            if element is None:
                stack.pop()
                if stack:
                    yield from self.end(parent, hides=hides)
            elif not isinstance(element.tag, str):
                yield from self.characters(element.tail)
            else:
                is_hidden = hides or is_lost(element, parent)
                yield from self.start(element, hides=is_hidden)
                stack.append((element, iter(element), is_hidden))

    def start(self, element: Any, *, hides: bool) -> Iterator[dict[str, Any]]:
        name = name_of(element)
        attributes = {(None, key): value for key, value in element.attrib.items()}
        if hides:
            pass
        elif name in VOID:
            yield from self.emptyTag(None, name, attributes)
        else:
            yield self.startTag(None, name, attributes)
        yield from self.characters(element.text)

    def end(self, element: Any, *, hides: bool) -> Iterator[dict[str, Any]]:
        name = name_of(element)
        if not (hides or name in VOID):
            yield self.endTag(None, name)
        yield from self.characters(element.tail)

    def characters(self, text: str | None) -> Iterator[dict[str, Any]]:
        if text:
            yield {"type": "Characters", "data": text}


def name_of(element: Any) -> str:
    return str(element.tag).removeprefix(mathml.NAMESPACE)


def is_lost(element: Any, parent: Any) -> bool:
    """Whether this is HTML in a formula, or of a formula without one."""
    is_in_formula = str(parent.tag).startswith(mathml.NAMESPACE)
    if element.tag.startswith(mathml.NAMESPACE):
        return not (is_in_formula or element.tag == f"{mathml.NAMESPACE}math")
    return is_in_formula or element.tag in mathml.TAGS


def is_allowed(tag: str, name: str, value: str) -> bool:
    if tag in mathml.TAGS:
        return mathml.is_allowed(tag, name, value)
    if name not in EVERYWHERE and name not in ATTRIBUTES.get(tag, ()):
        return False
    if name == "class":
        pattern = SPAN_CLASS if tag == "span" else CLASS
        return all(map(pattern.fullmatch, value.split()))
    check = VALUES.get(name)
    return check is None or check(value)


def sanitize(html: str, profile: Profile) -> str:
    """Leave only what the profile's allow-list names; show the rest as text."""
    tags = TAGS[profile]
    cleaner: Any = Cleaner(tags=tags, attributes=is_allowed, strip_comments=True)
    cleaner.parser = BoundedParser(
        tags=tags,
        strip=False,
        consume_entities=False,
        namespaceHTMLElements=False,
        tree=BoundedTreeBuilder,
    )
    cleaner.walker = LinearWalker
    # Bleach mends references only in values between double quotes.
    cleaner.serializer.quote_char = '"'
    cleaner.serializer.use_best_quote_char = False
    return str(cleaner.clean(LONG_REFERENCE.sub("&amp;", html)))
