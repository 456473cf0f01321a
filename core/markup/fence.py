"""The line that opens a block of code, and what it asks for.

```` ```python {3,5-7} title="train.py" linenos start=10 diff ````: the first word is
the language, numbers in braces are lines to mark, and the rest are options.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it.common.utils import unescapeAll

INFO = re.compile(r"\s*(?P<language>[^\s{]*)(?P<rest>.*)", re.DOTALL)
TITLE = re.compile(
    r"""\btitle=(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>\S+))"""
)
MARKED = re.compile(r"\{([\d,\s-]{1,400})\}")
RANGE = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?")
START = re.compile(r"\bstart=(\d{1,6})\b")
FLAGS = {"diff", "linenos"}
MAX_INFO = 1_000


@dataclass(frozen=True)
class FenceInfo:
    language: str = ""
    title: str = ""
    marked: tuple[range, ...] = ()
    start: int = 1
    is_numbered: bool = False
    is_diff: bool = False

    def is_marked(self, number: int) -> bool:
        return any(number in lines for lines in self.marked)


def parse_info(text: str) -> FenceInfo:
    """Read the line. What is not understood says nothing; numbers are those shown."""
    match = INFO.match(text[:MAX_INFO])
    if match is None:
        return FenceInfo()
    language, rest = match["language"], match["rest"]
    # Without a language the first word is already an option.
    if "=" in language or language in FLAGS - {"diff"}:
        language, rest = "", text[:MAX_INFO]
    title = TITLE.search(rest)
    name = title[title.lastgroup or 0] if title else ""
    rest = TITLE.sub(" ", rest)
    start = START.search(rest)
    marked = tuple(
        range(int(first), int(last or first) + 1)
        for numbers in MARKED.findall(rest)
        for first, last in RANGE.findall(numbers)
    )
    flags = FLAGS.intersection(MARKED.sub(" ", rest).split())
    return FenceInfo(
        language=unescapeAll(language)[:40],
        title=unescapeAll(name)[:200],
        marked=marked,
        start=int(start[1]) if start else 1,
        is_numbered=bool("linenos" in flags or title or start or marked),
        is_diff="diff" in flags or language.lower() in {"diff", "udiff"},
    )
