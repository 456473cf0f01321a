"""Texts to render: an article with code, and plain writing."""

from __future__ import annotations

PARAGRAPH = (
    "A page that is *rendered once* and read a thousand times may take its time at the "
    'first of them. That is the whole "secret": what a reader waits for is never the '
    "parser, never the [sanitizer](https://example.org/why), and never `highlight()`. "
    "It is the way of the bytes -- and of those there should be few.\n\n"
)
CODE = '''```python title="step_{n}.py"
from dataclasses import dataclass


@dataclass(frozen=True)
class Step{n}:
    """One of ten blocks, as long as they are in articles."""

    name: str
    seconds: float = 0.5

    def describe(self) -> str:
        # Rounded, since nobody reads more digits.
        return f"{{self.name}}: {{round(self.seconds, 2)}} s"
```

'''


def article(words: int = 2_600, blocks: int = 10) -> str:
    """A post of so many words, with headings, a list, a table and blocks of code."""
    per_part = max(1, round(words / blocks / len(PARAGRAPH.split())))
    parts = [
        f"## Part {n}\n\n{PARAGRAPH * per_part}- one\n- two\n\n"
        f"| a | b |\n|---|--:|\n| c | {n} |\n\n{CODE.format(n=n)}"
        for n in range(blocks)
    ]
    return "".join(parts)


def prose(size: int) -> str:
    """Plain writing of about so many bytes."""
    return PARAGRAPH * max(1, round(size / len(PARAGRAPH)))
