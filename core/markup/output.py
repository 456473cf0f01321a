"""Stored HTML in other places: feeds, mail, summaries.

Its input is what the sanitizer wrote, so it is regular: lower-case names, double
quotes, every `<` that is not a tag escaped. Only `>` stands as it is in values.
"""

from __future__ import annotations

import re
import unicodedata
from html import escape, unescape
from urllib.parse import urljoin, urlsplit

TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:[^>"]|"[^"]*")*)>')
INLINE_NAMES = (
    "a abbr b bdi bdo cite code del dfn em i ins kbd mark q rp rt ruby s samp small "
    "span strong sub sup time u var wbr"
)
INLINE = set(INLINE_NAMES.split())
EMPTY_LINK = re.compile(
    r' ?<a [^>]*class="(?:heading-anchor|code-line__number)"[^>]*></a>'
)
FORMULA = re.compile(
    r'<math(?: [a-z]+="[^"]*")*? alttext="([^"]*)"(?: [a-z]+="[^"]*")*>.*?</math>',
    re.DOTALL,
)
FOOTNOTE_SIGN = re.compile(
    r'<sup class="footnote-ref">.*?</sup>'
    r'| ?<a [^>]*class="footnote-backref"[^>]*>.*?</a>'
)
CODE_CAPTION = re.compile(
    r'(<figure class="code-block"[^>]*>\n)<figcaption>.*?</figcaption>\n'
)
NOT_RUNNING_TEXT = re.compile(
    r"<(h[1-6]|pre)\b.*?</\1>"
    r'|<figure class="code-block".*?</figure>'
    r'|<p class="markdown-alert-title">.*?</p>'
    r'|<section class="footnotes".*?</section>',
    re.DOTALL,
)
JOINER = "\u200d"
ENDS_NO_EXCERPT = " .,;:–—-("
ADDRESS = re.compile(r' (href|src)="([^"]*)"')
SRCSET = re.compile(r' srcset="([^"]*)"')
PAGE_ONLY = re.compile(
    r" (?:aria-label|class|data-[a-z-]+|decoding|loading|role|sizes|tabindex)"
    r'="[^"]*"'
)
# A reader elsewhere shows the picture inside; some know no more than that.
CHOICE = {"picture", "source"}
SPAN = re.compile(r"</?span[^>]*>")
IDENTIFIER = re.compile(r' id="[^"]*"')


def plain_text(html: str) -> str:
    """The words of stored HTML on one line, for summaries and descriptions."""
    html = FOOTNOTE_SIGN.sub("", CODE_CAPTION.sub(r"\1", html))
    html = FORMULA.sub(r"\1", html)
    text = TAG.sub(lambda tag: "" if tag[2] in INLINE else " ", html)
    return " ".join(unescape(text).split())


def excerpt(html: str, length: int) -> str:
    """The first words of the running text, without headings, code and footnotes.

    At most `length` characters, the ellipsis included where something was left out.
    """
    return shorten(plain_text(NOT_RUNNING_TEXT.sub(" ", html)), length)


def shorten(text: str, length: int) -> str:
    """The text, cut between two words and marked where it is longer than `length`.

    A script without spaces is cut between two characters.
    """
    if len(text) <= length:
        return text
    end = text.rfind(" ", length // 2, length)
    if end == -1:
        end = length - 1
        while end and not is_border(text[end - 1], text[end]):
            end -= 1
    return text[:end].rstrip(ENDS_NO_EXCERPT) + "…"


def is_border(before: str, char: str) -> bool:
    """Whether a character ends before this one, accents and joiners counted with it."""
    is_part = char == JOINER or unicodedata.category(char)[0] == "M"
    return before != JOINER and not is_part


def for_feed(html: str, origin: str) -> str:
    """Stored HTML for readers elsewhere: absolute addresses, nothing of the page's own.

    Formulas are shown as they were typed, since few readers know MathML.
    `origin` is the site's, or better the page's own address: links inside the page then
    lead to it, and are dropped otherwise.
    """
    has_page = urlsplit(origin).path not in {"", "/"}
    html = SPAN.sub("", EMPTY_LINK.sub("", html))
    html = FORMULA.sub(r"<code>\1</code>", html)

    def absolute(match: re.Match[str]) -> str:
        name, address = match[1], unescape(match[2])
        if address.startswith("#") and not has_page:
            return ""
        return f' {name}="{escape(urljoin(origin, address))}"'

    def absolute_set(match: re.Match[str]) -> str:
        candidates = [part.strip() for part in match[1].split(",")]
        return f' srcset="{", ".join(urljoin(origin, part) for part in candidates)}"'

    def clean(match: re.Match[str]) -> str:
        closing, name, attributes = match.groups()
        if name in CHOICE:
            return ""
        attributes = PAGE_ONLY.sub("", attributes)
        if not has_page:
            attributes = IDENTIFIER.sub("", attributes)
        attributes = SRCSET.sub(absolute_set, ADDRESS.sub(absolute, attributes))
        return f"<{closing}{name}{attributes}>"

    return TAG.sub(clean, html)
