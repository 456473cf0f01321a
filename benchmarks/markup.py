"""What the markup pipeline costs, beside what it is made of and what others take."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.site import ROOT

ROUNDS = 7
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


@dataclass(frozen=True)
class Cost:
    pipeline: float
    bare: float
    python_markdown: float
    growth_to_10_kb: float
    growth_to_100_kb: float
    engine_growth_to_1_mb: float
    megabytes: float
    words: int


def measure() -> Cost:
    """Medians of rounds in turn, in a process of their own."""
    result = subprocess.run(
        [sys.executable, "-m", "benchmarks.markup"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Cost(**json.loads(result.stdout))


def medians(*tasks: Callable[[], object]) -> list[float]:
    seconds: list[list[float]] = [[] for _ in tasks]
    for task in tasks:
        task()
    for _ in range(ROUNDS):
        for task, taken in zip(tasks, seconds, strict=True):
            began = time.perf_counter()
            task()
            taken.append(time.perf_counter() - began)
    return [statistics.median(taken) for taken in seconds]


def main() -> None:
    # Imported here: what a process needs for it is part of what is measured.
    import resource  # noqa: PLC0415

    import markdown  # noqa: PLC0415
    from markdown_it import MarkdownIt  # noqa: PLC0415
    from pygments import highlight  # noqa: PLC0415
    from pygments.formatters import HtmlFormatter  # noqa: PLC0415
    from pygments.lexers import get_lexer_by_name  # noqa: PLC0415

    from core.markup import Profile, render  # noqa: PLC0415

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    formatter = HtmlFormatter(nowrap=True)

    def colored(code: str, language: str, _: str) -> str:
        lexer = get_lexer_by_name(language or "text")
        return str(highlight(code, lexer, formatter))

    engine = MarkdownIt("commonmark", {"html": True, "highlight": colored})
    engine.enable(["table", "strikethrough"])
    text = article()
    pipeline, bare, python_markdown = medians(
        lambda: render(text, Profile.POST),
        lambda: engine.render(text),
        lambda: markdown.markdown(
            text, extensions=["extra", "codehilite", "toc", "smarty", "sane_lists"]
        ),
    )
    small, medium, large = prose(1_000), prose(10_000), prose(100_000)
    of_small, of_medium, of_large = medians(
        lambda: [render(small, Profile.POST) for _ in range(100)],
        lambda: [render(medium, Profile.POST) for _ in range(10)],
        lambda: render(large, Profile.POST),
    )
    huge = prose(1_000_000)
    of_engine, of_huge = medians(
        lambda: engine.render(large), lambda: engine.render(huge)
    )
    render(prose(300_000), Profile.POST)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    cost = Cost(
        pipeline,
        bare,
        python_markdown,
        growth_to_10_kb=10 * of_medium / of_small,
        growth_to_100_kb=10 * of_large / of_medium,
        engine_growth_to_1_mb=of_huge / of_engine,
        megabytes=(after - before) / 1024,
        words=render(text, Profile.POST).word_count,
    )
    sys.stdout.write(json.dumps(vars(cost)))


if __name__ == "__main__":
    main()
