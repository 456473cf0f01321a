"""Text that was UTF-8 and was read as Windows-1250 or Windows-1252.

`💾` then looks like `đź’ľ` or `ðŸ’¾`. Only what cannot have been meant is touched: a
file is repaired if it holds an emoji of four bytes in such a shape, and then only runs
that decode to emoji or symbols. Words are never changed: the end of `„CASĂ”` would
decode to a letter, and so would the ends of many words in many languages.
"""

from __future__ import annotations

import unicodedata

MISREAD_AS = ("cp1250", "cp1252")
EMOJI_PLANE = range(0x1F000, 0x1FB00)
SYMBOLS = range(0x2000, 0x2C00)
OTHER_EMOJI = frozenset("\u3030\u303d\u3297\u3299")
KEYCAP = "\u20e3"
TAGS = range(0xE0020, 0xE0080)
# Joiner and variation selectors: a part of the emoji before them.
PARTS = frozenset("\u200d\ufe0e\ufe0f" + KEYCAP)
KEYS = frozenset("0123456789#*")
LATIN_SIGNS_LEAD = 0xC2


def repair(text: str) -> str:
    """The text with its damaged emoji and symbols put right, else unchanged."""
    for encoding in MISREAD_AS:
        text = repair_misread(text, BYTES_OF[encoding])
    return text


def repair_misread(text: str, byte_of: dict[str, int]) -> str:
    data = [byte_of.get(char, 0) for char in text]
    if not has_sure_sign(data):
        return text
    repaired: list[str] = []
    start = 0
    while start < len(text):
        char, length = decoded_at(data, start)
        before = repaired[-1] if repaired else ""
        if char and is_wanted(char, length, data[start], before):
            repaired.append(char)
            start += length
        else:
            repaired.append(text[start])
            start += 1
    return "".join(repaired)


def has_sure_sign(data: list[int]) -> bool:
    """Whether an emoji of four bytes is there: no language writes these in a row."""
    start = -1
    while True:
        try:
            start = data.index(0xF0, start + 1)
        except ValueError:
            return False
        char, _ = decoded_at(data, start)
        if char and ord(char) in EMOJI_PLANE:
            return True


def decoded_at(data: list[int], start: int) -> tuple[str, int]:
    """The character whose UTF-8 begins here and how long it is, or none."""
    lead = data[start]
    if 0xC2 <= lead <= 0xDF:
        length = 2
    elif 0xE0 <= lead <= 0xEF:
        length = 3
    elif 0xF0 <= lead <= 0xF4:
        length = 4
    else:
        return "", 0
    try:
        return bytes(data[start : start + length]).decode(), length
    except UnicodeDecodeError:
        return "", 0


def is_wanted(char: str, length: int, lead: int, before: str) -> bool:
    """Whether to believe a decoded character, seeing what stands before it."""
    point = ord(char)
    if point in EMOJI_PLANE:
        return True
    if char in PARTS or point in TAGS:
        return is_emoji_so_far(before)
    if before.isalpha():
        return False
    if length == 3:
        is_symbol = point in SYMBOLS and unicodedata.category(char)[0] == "S"
        return is_symbol or char in OTHER_EMOJI
    return lead == LATIN_SIGNS_LEAD and unicodedata.category(char)[0] == "S"


def is_emoji_so_far(before: str) -> bool:
    return bool(before) and (
        before in PARTS
        or before in KEYS
        or ord(before) in TAGS
        or unicodedata.category(before)[0] == "S"
        or ord(before) in EMOJI_PLANE
    )


def bytes_of(encoding: str) -> dict[str, int]:
    """Which byte each character was, for the bytes that are not ASCII.

    Bytes to which the encoding gives no character were read as control characters; so
    was all of 0x80 to 0x9F by those who call Latin-1 what is Windows-1252.
    """
    table = {chr(byte): byte for byte in range(0x80, 0xA0)}
    for byte in range(0x80, 0x100):
        char = bytes([byte]).decode(encoding, "replace")
        if char != "\ufffd":
            table[char] = byte
    return table


BYTES_OF = {encoding: bytes_of(encoding) for encoding in MISREAD_AS}
