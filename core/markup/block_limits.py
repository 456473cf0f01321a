"""Work that the engine does before anybody can count its tokens.

Lines that continue nested quotes are read once for every level, and short rows of a
wide table are filled with cells.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.blockquote import blockquote
from markdown_it.rules_block.table import table

from core.markup.limits import Limits, raise_too_much

DELIMITERS = re.compile(r"[ \t|:-]+")


def install(md: MarkdownIt) -> None:
    paragraph = ["paragraph", "reference"]
    md.block.ruler.at(
        "blockquote", bounded_blockquote, {"alt": [*paragraph, "blockquote", "list"]}
    )
    md.block.ruler.at("table", bounded_table, {"alt": paragraph})


def bounded_blockquote(
    state: StateBlock,
    start: int,
    end: int,
    silent: bool,  # noqa: FBT001
) -> bool:
    if silent or not line(state, start).startswith(">"):
        return blockquote(state, start, end, silent)
    env = state.env
    env["open_quotes"] = env.get("open_quotes", 0) + 1
    if env["open_quotes"] > 1:
        # Inside a quote, `end` is where the outer one ends.
        env["quoted_lines"] = env.get("quoted_lines", 0) + end - start
        if env["quoted_lines"] > env["limits"].lines * 5:
            raise_too_much("nested quotations")
    found = blockquote(state, start, end, silent)
    env["open_quotes"] -= 1
    return found


def bounded_table(
    state: StateBlock,
    start: int,
    end: int,
    silent: bool,  # noqa: FBT001
) -> bool:
    if not silent and start + 2 < end:
        columns = line(state, start).count("|") + 1
        limits: Limits = state.env["limits"]
        if columns * (end - start) > limits.tags and is_delimiter(state, start + 1):
            rows = next(
                (i - start for i in range(start, end) if state.isEmpty(i)), end - start
            )
            if columns * rows > limits.tags:
                raise_too_much("table cells")
    return table(state, start, end, silent)


def is_delimiter(state: StateBlock, number: int) -> bool:
    return DELIMITERS.fullmatch(line(state, number)) is not None


def line(state: StateBlock, number: int) -> str:
    begin = state.bMarks[number] + state.tShift[number]
    return state.src[begin : state.eMarks[number]]
