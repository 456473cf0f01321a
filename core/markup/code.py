"""Code blocks: a figure with a caption, and classes instead of colors.

The page needs no script for them; `static/js/code.js` adds its buttons to every
`[data-code-block]`. Every line closes the spans it opened, so that lines can be
numbered, linked or marked without parsing again.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape

from markdown_it.common.utils import unescapeAll
from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token as MarkdownToken
from markdown_it.utils import EnvType, OptionsDict
from pygments.lexer import Lexer
from pygments.lexers import find_lexer_class, get_all_lexers
from pygments.token import (
    Comment,
    Generic,
    Keyword,
    Literal,
    Name,
    Number,
    String,
    _TokenType,
)

from core.markup.escaping import escape_text
from core.markup.limits import Limits

MAX_CHARACTERS = 60_000
MAX_LINES = 5_000
MAX_LINE_LENGTH = 2_000
PLAIN = {"", "plain", "plaintext", "text", "txt", "none"}
INFO = re.compile(r"\s*(?P<language>[^\s{]*)(?P<rest>.*)", re.DOTALL)
TITLE = re.compile(
    r"""\btitle=(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>\S+))"""
)
LANGUAGE_CLASS = re.compile(r"[\w+#.-]{1,40}", re.ASCII)

# Only what has a color of its own is worth a span: each costs in every step after this.
CLASSES: dict[_TokenType, str] = {
    Comment: "c",
    Generic.Deleted: "gd",
    Generic.Emph: "ge",
    Generic.Error: "gr",
    Generic.Heading: "gh",
    Generic.Inserted: "gi",
    Generic.Output: "go",
    Generic.Prompt: "gp",
    Generic.Strong: "gs",
    Generic.Subheading: "gh",
    Generic.Traceback: "gr",
    Keyword: "k",
    Literal: "s",
    Name.Attribute: "na",
    Name.Builtin: "nb",
    Name.Class: "nc",
    Name.Constant: "no",
    Name.Decorator: "nd",
    Name.Exception: "nc",
    Name.Function: "nf",
    Name.Namespace: "nn",
    Name.Tag: "nt",
    Name.Variable: "nv",
    Number: "m",
    String: "s",
}


@dataclass(frozen=True)
class FenceInfo:
    language: str
    title: str


class Budget:
    """What highlighting may still cost in one text: spans and seconds of CPU."""

    def __init__(self, limits: Limits) -> None:
        self.spans = limits.highlighted_spans
        self.ends_at = time.thread_time() + limits.highlighted_seconds

    def is_spent(self) -> bool:
        return self.spans < 0 or time.thread_time() > self.ends_at


def render_fence(
    self: RendererProtocol,
    tokens: Sequence[MarkdownToken],
    idx: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    token = tokens[idx]
    info = parse_info(unescapeAll(token.info))
    return figure(token.content, info, env["budget"])


def render_indented(
    self: RendererProtocol,
    tokens: Sequence[MarkdownToken],
    idx: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    return figure(tokens[idx].content, FenceInfo("", ""), env["budget"])


def parse_info(text: str) -> FenceInfo:
    """Read the line that opens a fence: ```` ```python title="train.py" ````."""
    match = INFO.fullmatch(text)
    if match is None:
        return FenceInfo("", "")
    title = TITLE.search(match["rest"][:500])
    # Without a language the first word is already an option.
    language = "" if "=" in match["language"] else match["language"]
    if language == "" and title is None:
        title = TITLE.search(text[:500])
    return FenceInfo(
        language[:40], (title[title.lastgroup or 0] if title else "")[:200]
    )


def figure(code: str, info: FenceInfo, budget: Budget) -> str:
    lexer_class = find_lexer(info.language)
    content = escape_text(code)
    if lexer_class and is_worth_highlighting(code):
        content = highlight(code, lexer_class, budget) or content
    label = lexer_class.name if lexer_class else info.language
    language_class = info.language.lower()
    if not LANGUAGE_CLASS.fullmatch(language_class):
        language_class = ""
    attribute = f' class="language-{language_class}"' if language_class else ""
    return (
        '<figure class="code-block" data-code-block="">\n'
        f"{caption(info.title, label)}"
        f'<pre tabindex="0"><code{attribute}>{content}</code></pre>\n</figure>\n'
    )


def caption(title: str, label: str) -> str:
    if label.lower() in PLAIN:
        label = ""
    parts = [
        f'<span class="code-block__{name}">{escape(value)}</span>'
        for name, value in (("title", title), ("language", label))
        if value
    ]
    return f"<figcaption>{' '.join(parts)}</figcaption>\n" if parts else ""


@cache
def lexer_names() -> dict[str, str]:
    # Not get_lexer_by_name(): for every unknown name it searches installed packages.
    return {
        alias: name
        for name, aliases, _, _ in get_all_lexers(plugins=False)
        for alias in aliases
    }


def find_lexer(language: str) -> type[Lexer] | None:
    if language.lower() in PLAIN:
        return None
    name = lexer_names().get(language.lower())
    return find_lexer_class(name) if name else None


def is_worth_highlighting(code: str) -> bool:
    if len(code) > MAX_CHARACTERS or code.count("\n") > MAX_LINES:
        return False
    return max(map(len, code.split("\n"))) <= MAX_LINE_LENGTH


def highlight(code: str, lexer_class: type[Lexer], budget: Budget) -> str:
    """Spans with classes, or an empty string where that would cost too much."""
    if budget.is_spent():
        return ""
    lexer = lexer_class(stripnl=False, ensurenl=False)
    out: list[str] = []
    for css_class, text in merged(lexer.get_tokens(code)):
        if not css_class:
            out.append(escape_text(text))
            continue
        pieces = text.split("\n")
        budget.spans -= len(pieces)
        if budget.is_spent():
            return ""
        out.append(
            "\n".join(
                f'<span class="{css_class}">{escape_text(piece)}</span>'
                if piece
                else ""
                for piece in pieces
            )
        )
    return "".join(out)


def merged(tokens: Iterator[tuple[_TokenType, str]]) -> Iterator[tuple[str, str]]:
    """Join neighbors of one class; white space between them belongs to no class."""
    current, texts = "", list[str]()
    for token_type, text in tokens:
        css_class = class_of(token_type)
        if css_class != current:
            if texts:
                yield current, "".join(texts)
            current, texts = css_class, []
        texts.append(text)
    if texts:
        yield current, "".join(texts)


@cache
def class_of(token_type: _TokenType) -> str:
    kinds: list[_TokenType] = token_type.split()
    return next((CLASSES[kind] for kind in reversed(kinds) if kind in CLASSES), "")
