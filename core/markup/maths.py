"""Formulas in TeX become MathML: `$x^2$`, `$$…$$` and ```` ```math ````.

latex2mathml knows the common notation. What it cannot read is shown as it was typed.
"""

from __future__ import annotations

import re
from html import escape
from xml.etree.ElementTree import tostring

from latex2mathml.converter import convert_to_element
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.dollarmath.index import math_block_dollar, math_inline_dollar

from core.markup.budget import Budget
from core.markup.limits import Limits, raise_too_much
from core.markup.rules import rule

MAX_LENGTH = 2_000
MAX_BRACES = 25
BRACES = re.compile(r"\\.|[{}]", re.DOTALL)
LEFT = re.compile(r"\\(?:left|begin|sqrt|frac|over|under)")
# The converter writes its signs as references, which are text to the writer of XML.
REFERENCE = re.compile(r"&amp;#x([0-9A-F]{1,6});")
NAMESPACE = ' xmlns="http://www.w3.org/1998/Math/MathML"'
# Elements that would have to be drawn by the page, or that carry a style or a link.
UNREADABLE = re.compile(r"\\(?:href|style|class|cssId|unicode|require|html\w*)\b")

read_inline = math_inline_dollar(
    allow_space=False, allow_digits=False, allow_double=True
)
read_block = math_block_dollar(allow_labels=False, allow_blank_lines=False)


def maths_plugin(md: MarkdownIt) -> None:
    md.use(dollarmath_plugin, allow_labels=False)
    md.inline.ruler.at("math_inline", formula_in_line)
    md.block.ruler.at(
        "math_block",
        formula_block,
        {"alt": ["paragraph", "reference", "blockquote", "list"]},
    )
    md.add_render_rule("math_inline", rule(render_inline))
    md.add_render_rule("math_inline_double", rule(render_displayed))
    md.add_render_rule("math_block", rule(render_block))


def formula_in_line(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    """`$a$` between words. In `$HOME/$PATH` and `US$5 or CA$6` nothing is one."""
    start = state.pos
    if start and state.src[start - 1].isalnum():
        return False
    if not read_inline(state, silent):
        return False
    end = state.pos
    if is_no_formula(state.src, start, end):
        state.pos = start
        if not silent:
            state.tokens.pop()
        return False
    return True


def is_no_formula(src: str, start: int, end: int) -> bool:
    """Whether what is around the signs, or beside them inside, says otherwise."""
    if end < len(src) and (src[end].isalnum() or src[end] == "_"):
        return True
    is_double = src.startswith("$$", start)
    return is_double and (src[start + 2].isspace() or src[end - 3].isspace())


def formula_block(
    state: StateBlock,
    start: int,
    end: int,
    silent: bool,  # noqa: FBT001
) -> bool:
    begin = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("$$", begin):
        return False
    found = bool(read_block(state, start, end, silent))
    if not found:
        # An unclosed one was searched to its end, and so will the next be.
        limits: Limits = state.env["limits"]
        state.env["unclosed"] = state.env.get("unclosed", 0) + end - start
        if state.env["unclosed"] > limits.lines * 5:
            raise_too_much("formulas that are not closed")
    return found


def render_inline(token: Token, env: EnvType) -> str:
    return formula(token.content, env["budget"], display="inline")


def render_displayed(token: Token, env: EnvType) -> str:
    return formula(token.content, env["budget"], display="block")


def render_block(token: Token, env: EnvType) -> str:
    return block(token.content, env["budget"])


def block(tex: str, budget: Budget) -> str:
    """A formula of its own, which scrolls where it is too wide."""
    return (
        '<div class="math-block" role="group" tabindex="0" aria-label="Formula">'
        f"{formula(tex, budget, display='block')}</div>\n"
    )


def formula(tex: str, budget: Budget, *, display: str) -> str:
    tex = tex.strip()
    budget.formula_characters -= len(tex)
    if is_readable(tex) and budget.formula_characters >= 0:
        try:
            element = convert_to_element(tex, display=display)
            mathml = REFERENCE.sub(as_sign, tostring(element, encoding="unicode"))
        # The converter fails with whatever it stumbles over: IndexError, KeyError, …
        except Exception:
            mathml = ""
        if mathml:
            return mathml.replace(NAMESPACE, f' alttext="{escape(tex)}"', 1)
    return f"<code>{escape(tex)}</code>"


def as_sign(reference: re.Match[str]) -> str:
    """The sign itself is shorter, but for those that mean something in HTML."""
    sign = chr(int(reference[1], 16))
    return escape(sign, quote=False)


def is_readable(tex: str) -> bool:
    if not tex or len(tex) > MAX_LENGTH or UNREADABLE.search(tex):
        return False
    depth = deepest = 0
    for match in BRACES.finditer(tex):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        deepest = max(deepest, depth)
    return depth == 0 and deepest <= MAX_BRACES and len(LEFT.findall(tex)) <= 100
