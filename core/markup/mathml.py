"""What of MathML the formulas of a text may use: presentation, no links, no colors.

https://www.w3.org/TR/mathml-core/
"""

from __future__ import annotations

import re

NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
NAMES = (
    "math menclose mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts "
    "mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder "
    "munderover none"
)
TAGS = frozenset(NAMES.split())

LENGTH = r"[+-]?[0-9.]{1,8}(?:em|ex|px|pt|mu|%)?"
LENGTHS = rf"{LENGTH}(?: {LENGTH}){{0,20}}"
YES_OR_NO = "true|false"
VALUES = {
    name: re.compile(pattern)
    for name, pattern in {
        "accent": YES_OR_NO,
        "accentunder": YES_OR_NO,
        "columnalign": "(?:left|center|right)(?: (?:left|center|right)){0,20}",
        "columnlines": "(?:none|solid|dashed)(?: (?:none|solid|dashed)){0,20}",
        "columnspacing": LENGTHS,
        "depth": LENGTH,
        "display": "inline|block",
        "displaystyle": YES_OR_NO,
        "fence": YES_OR_NO,
        "form": "prefix|infix|postfix",
        "frame": "none|solid|dashed",
        "height": LENGTH,
        "largeop": YES_OR_NO,
        "linethickness": LENGTH,
        "lspace": LENGTH,
        "mathvariant": "[a-z-]{1,30}",
        "maxsize": LENGTH,
        "minsize": LENGTH,
        "movablelimits": YES_OR_NO,
        "notation": "[a-z ]{1,60}",
        "rowlines": "(?:none|solid|dashed)(?: (?:none|solid|dashed)){0,20}",
        "rowspacing": LENGTHS,
        "rspace": LENGTH,
        "scriptlevel": "[+-]?[0-9]",
        "separator": YES_OR_NO,
        "stretchy": YES_OR_NO,
        "symmetric": YES_OR_NO,
        "voffset": LENGTH,
        "width": LENGTH,
    }.items()
}
# A writer's own MathML is shown as text: only the renderer's has its shape for sure.
IN_RAW_HTML = re.compile(
    rf"<(?=/?(?:{'|'.join(sorted(TAGS))})(?![a-z0-9]))", re.IGNORECASE
)


def is_allowed(tag: str, name: str, value: str) -> bool:
    if name == "alttext":
        return tag == "math"
    pattern = VALUES.get(name)
    return pattern is not None and pattern.fullmatch(value) is not None
