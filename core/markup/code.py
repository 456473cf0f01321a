"""Code blocks: a figure with a caption; lines have addresses, where there is more to
say of the block than its code.

The page needs no script for them: a line that is the target of the address is marked
by the stylesheet. `static/js/code.js` adds its tools to every `[data-code-block]`.
"""

from __future__ import annotations

import re
from html import escape

from markdown_it.token import Token
from markdown_it.utils import EnvType

from core.markup import maths
from core.markup.budget import Budget
from core.markup.fence import FenceInfo, parse_info
from core.markup.highlight import PLAIN, find_lexer, highlighted, lexer_for
from core.markup.identifiers import Identifiers
from core.slugs import slugify

LANGUAGE_CLASS = re.compile(r"[\w+#.-]{1,40}", re.ASCII)
# A patch is for a program to apply: its marks belong to it.
PATCH = re.compile(r"^(?:--- .*\n\+\+\+ |@@ -|diff --git )", re.MULTILINE)
CHANGES = {"+": "ins", "-": "del"}


def render_fence(token: Token, env: EnvType) -> str:
    info = parse_info(token.info)
    if info.language == "math" and env["has_maths"]:
        return maths.block(token.content, env["budget"])
    return figure(token.content, info, env)


def render_indented(token: Token, env: EnvType) -> str:
    return figure(token.content, FenceInfo(), env)


def figure(code: str, info: FenceInfo, env: EnvType) -> str:
    lexer_class = find_lexer(info.language)
    label = lexer_class.name if lexer_class else info.language
    language_class = info.language.lower()
    attribute = (
        f' class="language-{language_class}"'
        if LANGUAGE_CLASS.fullmatch(language_class)
        else ""
    )
    return (
        '<figure class="code-block" data-code-block="">\n'
        f"{caption(info.title, label)}"
        f'<pre tabindex="0"><code{attribute}>{content(code, info, env)}</code></pre>\n'
        "</figure>\n"
    )


def content(code: str, info: FenceInfo, env: EnvType) -> str:
    """Highlighted code, each line in an element of its own where that is affordable."""
    budget: Budget = env["budget"]
    lexer_class = lexer_for(info.language, code)
    line_count = code.count("\n")
    if not code or info == FenceInfo() or line_count > budget.code_lines:
        return highlighted(code, lexer_class, budget)
    budget.code_lines -= line_count
    signs = [""] * (line_count + 1)
    if info.is_diff and not PATCH.search(code):
        signs, code = unmarked(code)
    lines = highlighted(code, lexer_class, budget).removesuffix("\n").split("\n")
    name = name_of(info, env)
    return "".join(
        line_html(text, number, sign, name, info)
        for number, (text, sign) in enumerate(
            zip(lines, signs, strict=False), start=info.start
        )
    )


def unmarked(code: str) -> tuple[list[str], str]:
    """What each line begins with, `+`, `-` or nothing, and the code without that."""
    lines = code.split("\n")
    signs = [line[:1] if line[:1] in CHANGES else "" for line in lines]
    has_margin = all(line[:1] in {"+", "-", " ", ""} for line in lines)
    return signs, "\n".join(
        line[1:] if sign or has_margin else line
        for sign, line in zip(signs, lines, strict=True)
    )


def name_of(info: FenceInfo, env: EnvType) -> str:
    """What the ids of a block's lines begin with: its title, or its place."""
    env["code_blocks"] = env.get("code_blocks", 0) + 1
    name = slugify(info.title) or f"code-{env['code_blocks']}"
    identifiers: Identifiers = env["identifiers"]
    return identifiers.claim("-".join(filter(None, [env["anchor"], name])))


def line_html(text: str, number: int, sign: str, name: str, info: FenceInfo) -> str:
    tag = CHANGES.get(sign) or ("mark" if info.is_marked(number) else "span")
    identifier = f"{name}-L{number}"
    before = (
        f'<a class="code-line__number" href="#{identifier}" tabindex="-1"'
        f' data-line="{number}" aria-label="Line {number}"></a>'
        if info.is_numbered
        else ""
    )
    if sign:
        before += f'<span class="code-line__sign">{sign}</span>'
    return f'<{tag} class="code-line" id="{identifier}">{before}{text}\n</{tag}>'


def caption(title: str, label: str) -> str:
    if label.lower() in PLAIN:
        label = ""
    parts = [
        f'<span class="code-block__{name}">{escape(value)}</span>'
        for name, value in (("title", title), ("language", label))
        if value
    ]
    return f"<figcaption>{' '.join(parts)}</figcaption>\n" if parts else ""
