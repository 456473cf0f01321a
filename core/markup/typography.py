"""Quotation marks, dashes and spaces as a language sets them, in linear time.

The engine's own rules know one language at a time and copy the text at every quotation
mark. How marks are paired follows them (and so CommonMark's flanking); which marks a
language uses is taken from the Unicode CLDR (`delimiters`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

APOSTROPHE = "\u2019"
NARROW_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"
QUOTE = re.compile("([\"'])")
EM_DASH = re.compile("(?<!-)---(?!-)")
# A dash between two words or two spaces; `--force` has a space on one side only.
EN_DASH = re.compile(r"(?<=\s)--(?=\s)|(?<=[^\s-])--(?=[^\s-])")
ELLIPSIS = re.compile(r"(?<!\.)\.\.\.(?!\.)")
FRENCH_NARROW = re.compile(r"(?<=\S) (?=[;!?»])|(?<=«) (?=\S)")
FRENCH_COLON = re.compile(r"(?<=\S) (?=:(?:\s|$))")
WAITING_QUOTES = 40
# In a writer's own HTML these hold what is to be typed or was printed, sign by sign.
VERBATIM = re.compile(r"<(/?)(?:code|kbd|samp|var)(?=[\s>])", re.IGNORECASE)


class Quotes(NamedTuple):
    """Marks around a quotation, and around one inside it."""

    opening: str
    closing: str
    inner_opening: str
    inner_closing: str


ENGLISH = Quotes("“", "”", "‘", "’")
GERMAN = Quotes("„", "“", "‚", "‘")
GUILLEMETS = Quotes("«", "»", "“", "”")
SWISS = Quotes("«", "»", "‹", "›")
SLAVIC = Quotes("«", "»", "„", "“")
NORDIC = Quotes("”", "”", "’", "’")
QUOTES = {
    "bg": GERMAN,
    "cs": GERMAN,
    "da": ENGLISH,
    "de": GERMAN,
    "de-ch": SWISS,
    "de-li": SWISS,
    "el": GUILLEMETS,
    "es": GUILLEMETS,
    "et": GERMAN,
    "fi": NORDIC,
    "fr": Quotes(f"«{NARROW_SPACE}", f"{NARROW_SPACE}»", "“", "”"),
    "fr-ch": SWISS,
    "hr": Quotes("„", "”", "‚", "’"),
    "hu": Quotes("„", "”", "»", "«"),
    "is": GERMAN,
    "it": GUILLEMETS,
    "lt": GERMAN,
    "nb": Quotes("«", "»", "‘", "’"),
    "nn": Quotes("«", "»", "‘", "’"),
    "no": Quotes("«", "»", "‘", "’"),
    "pl": Quotes("„", "”", "«", "»"),
    "pt-pt": GUILLEMETS,
    "ro": Quotes("„", "”", "«", "»"),
    "ru": SLAVIC,
    "be": SLAVIC,
    "sk": GERMAN,
    "sl": GERMAN,
    "sv": NORDIC,
    "uk": SLAVIC,
}


def quotes_of(language: str) -> Quotes:
    """The marks of a language tag (BCP 47); English ones where it is not known."""
    tag = language.lower().replace("_", "-")
    return QUOTES.get(tag) or QUOTES.get(tag.split("-")[0], ENGLISH)


def set_type(state: StateCore) -> None:
    """Before escaped signs join the text around them: those stay as they were typed."""
    language: str = state.env["language"]
    quotes = quotes_of(language)
    is_french = re.split("[-_]", language.lower())[0] == "fr"
    for token in state.tokens:
        if token.type == "inline" and token.children:
            texts = running_text(token.children)
            for text in texts:
                text.token.content = dashed(text.token.content)
            pair_quotes(texts, quotes)
            if is_french:
                for text in texts:
                    text.token.content = spaced(text)


def dashed(text: str) -> str:
    if "--" in text:
        text = EN_DASH.sub("–", EM_DASH.sub("—", text))
    return ELLIPSIS.sub("…", text) if "..." in text else text


def spaced(text: Text) -> str:
    """Keep a line from beginning with a mark that French sets apart."""
    around = f"{text.before}{text.token.content}{text.after}"
    around = FRENCH_COLON.sub(NO_BREAK_SPACE, around)
    return FRENCH_NARROW.sub(NARROW_SPACE, around)[1:-1]


@dataclass
class Text:
    """A stretch of text that may be set, and what stands before and after it."""

    token: Token
    before: str
    after: str = ""


def running_text(children: Sequence[Token]) -> list[Text]:
    """The texts of a paragraph, without code, addresses and what is verbatim."""
    found: list[Text] = []
    before, verbatim = " ", 0
    for token in children:
        if is_boundary(token):
            verbatim += depth_of(token)
            continue
        shown = " " if token.type in {"softbreak", "hardbreak"} else token.content
        if not shown:
            continue
        if found and not found[-1].after:
            found[-1].after = shown[0]
        if token.type == "text" and verbatim <= 0:
            found.append(Text(token, before))
        before = shown[-1]
    if found:
        found[-1].after = found[-1].after or " "
    return found


def is_boundary(token: Token) -> bool:
    """Whether it shows nothing itself, but may say what the text in it is."""
    return token.type == "html_inline" or bool(token.nesting)


def depth_of(token: Token) -> int:
    if token.type == "html_inline":
        tag = VERBATIM.match(token.content)
        return (-1 if tag[1] else 1) if tag else 0
    return token.nesting if token.info == "auto" else 0


class Mark(NamedTuple):
    parts: list[str]
    position: int
    sign: str
    level: int


def pair_quotes(texts: Sequence[Text], quotes: Quotes) -> None:
    waiting: list[Mark] = []
    done: list[tuple[Token, list[str]]] = []
    for text in texts:
        # Odd parts are the quotation marks.
        parts = QUOTE.split(text.token.content)
        if len(parts) == 1:
            continue
        done.append((text.token, parts))
        level = text.token.level
        while waiting and waiting[-1].level > level:
            abandon(waiting.pop())
        for position in range(1, len(parts), 2):
            before, after = neighbors(text, parts, position)
            mark = Mark(parts, position, parts[position], level)
            place(mark, flanks(before, after), waiting, quotes)
    for opener in waiting:
        abandon(opener)
    for token, parts in done:
        token.content = "".join(parts)


def neighbors(text: Text, parts: list[str], position: int) -> tuple[str, str]:
    before = parts[position - 1][-1:] or (
        parts[position - 2][-1:] if position > 1 else text.before
    )
    is_last = position + 2 == len(parts)
    after = parts[position + 1][:1] or (text.after if is_last else parts[position + 2])
    return before, after


def flanks(before: str, after: str) -> tuple[bool, bool]:
    """Whether a mark between these signs can open and can close a quotation."""
    can_open = not after.isspace() and not (
        is_mark(after) and not before.isspace() and not is_mark(before)
    )
    can_close = not before.isspace() and not (
        is_mark(before) and not after.isspace() and not is_mark(after)
    )
    if can_open and can_close:
        # Only between marks, not in the middle of a word: foo-"bar"-baz.
        return is_mark(before), is_mark(after)
    return can_open, can_close


def is_mark(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "PS"


def place(
    mark: Mark,
    flanking: tuple[bool, bool],
    waiting: list[Mark],
    quotes: Quotes,
) -> None:
    can_open, can_close = flanking
    if can_close and close(mark, waiting, quotes):
        return
    if can_open:
        if len(waiting) == WAITING_QUOTES:
            abandon(waiting.pop(0))
        waiting.append(mark)
    else:
        abandon(mark)


def close(mark: Mark, waiting: list[Mark], quotes: Quotes) -> bool:
    """Pair the mark with the last one of its kind in the same emphasis."""
    for i in reversed(range(len(waiting))):
        opener = waiting[i]
        if opener.level != mark.level:
            return False
        if opener.sign == mark.sign:
            pair = quotes[2:] if mark.sign == "'" else quotes[:2]
            opener.parts[opener.position], mark.parts[mark.position] = pair
            for between in waiting[i + 1 :]:
                abandon(between)
            del waiting[i:]
            return True
    return False


def abandon(mark: Mark) -> None:
    """A single mark without its other half is an apostrophe: it’s, ’90s."""
    if mark.sign == "'":
        mark.parts[mark.position] = APOSTROPHE
