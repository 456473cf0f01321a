"""What people cannot see in a line of text."""

from __future__ import annotations

import re
import unicodedata

# Embeddings, overrides and isolates: they turn the text that comes after them, too.
BIDI_CONTROLS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
BIDI_PATTERN = f"[{BIDI_CONTROLS}]"
# Letters and symbols by their category, and yet blank.
BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def without_bidi(text: str) -> str:
    """The text without the characters by which a name or a title reorders a page.

    The marks that belong into right-to-left text (U+200E, U+200F, U+061C) stay.
    """
    return re.sub(BIDI_PATTERN, "", text)


def shows_something(text: str) -> bool:
    """Whether there is a letter, digit, sign or symbol in it that leaves ink."""
    return any(
        unicodedata.category(char)[0] in "LNPS" and char not in BLANK for char in text
    )
