"""Code with classes instead of colors, line by line.

Every line closes the spans that it opened, so that lines can be numbered, linked and
marked without parsing again.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

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

from core.markup.budget import Budget
from core.markup.escaping import escape_text

MAX_CHARACTERS = 60_000
MAX_LINES = 5_000
MAX_LINE_LENGTH = 2_000
SHELLS = {"bash", "sh", "shell", "zsh"}
PROMPTS = ("$ ", "% ")
PLAIN = {"", "plain", "plaintext", "text", "txt", "none"}

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


def highlighted(code: str, lexer_class: type[Lexer] | None, budget: Budget) -> str:
    """Escaped code, in spans with classes where that is possible and affordable."""
    if lexer_class and is_worth_highlighting(code):
        return spans(code, lexer_class, budget) or escape_text(code)
    return escape_text(code)


def lexer_for(language: str, code: str) -> type[Lexer] | None:
    """The lexer of a language; for a shell, that of a session where it shows one."""
    if language.lower() in SHELLS and code.startswith(PROMPTS):
        language = "console"
    return find_lexer(language)


def find_lexer(language: str) -> type[Lexer] | None:
    if language.lower() in PLAIN:
        return None
    name = lexer_names().get(language.lower())
    return find_lexer_class(name) if name else None


@cache
def lexer_names() -> dict[str, str]:
    # Not get_lexer_by_name(): for every unknown name it searches installed packages.
    return {
        alias: name
        for name, aliases, _, _ in get_all_lexers(plugins=False)
        for alias in aliases
    }


def is_worth_highlighting(code: str) -> bool:
    if len(code) > MAX_CHARACTERS or code.count("\n") > MAX_LINES:
        return False
    return max(map(len, code.split("\n"))) <= MAX_LINE_LENGTH


def spans(code: str, lexer_class: type[Lexer], budget: Budget) -> str:
    """Spans with classes, or an empty string where that would cost too much."""
    # The first of its kind compiles its rules.
    lexer = lexer_class(stripnl=False, ensurenl=False)
    with budget.highlighting():
        return written(merged(lexer.get_tokens(code)), budget)


def written(parts: Iterator[tuple[str, str]], budget: Budget) -> str:
    out: list[str] = []
    for css_class, text in parts:
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
