"""The markup pipeline beside what it is made of and what others take."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import markdown
from markdown_it import MarkdownIt
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from benchmarks.texts import article, prose
from core.markup import Profile, render

EXTENSIONS = ["extra", "codehilite", "toc", "smarty", "sane_lists"]
LONGEST = 300_000

formatter = HtmlFormatter(nowrap=True)


def costs(rounds: int) -> dict[str, float]:
    """The fields of `benchmarks.markup.Cost` that are not about the process."""
    text = article()
    engine = make_engine()
    pipeline, bare, python_markdown = medians(
        rounds,
        lambda: render(text, Profile.POST),
        lambda: engine.render(text),
        lambda: markdown.markdown(text, extensions=EXTENSIONS),
    )
    small, medium, large, huge = (prose(10**n) for n in (3, 4, 5, 6))
    of_small, of_medium, of_large = medians(
        rounds,
        lambda: [render(small, Profile.POST) for _ in range(100)],
        lambda: [render(medium, Profile.POST) for _ in range(10)],
        lambda: render(large, Profile.POST),
    )
    of_engine, of_huge = medians(
        rounds, lambda: engine.render(large), lambda: engine.render(huge)
    )
    render(prose(LONGEST), Profile.POST)
    return {
        "pipeline": pipeline,
        "bare": bare,
        "python_markdown": python_markdown,
        "growth_to_10_kb": of_medium / of_small,
        "growth_to_100_kb": of_large / of_medium,
        "engine_growth_to_1_mb": of_huge / of_engine / 10,
        "words": render(text, Profile.POST).word_count,
    }


def make_engine() -> MarkdownIt:
    engine = MarkdownIt("commonmark", {"html": True, "highlight": colored})
    return engine.enable(["table", "strikethrough"])


def colored(code: str, language: str, _: str) -> str:
    lexer = get_lexer_by_name(language or "text")
    return str(highlight(code, lexer, formatter))


def medians(rounds: int, *tasks: Callable[[], object]) -> list[float]:
    """Seconds of each, in turn, after one of each that does not count."""
    seconds: list[list[float]] = [[] for _ in tasks]
    for task in tasks:
        task()
    for _ in range(rounds):
        for task, taken in zip(tasks, seconds, strict=True):
            began = time.perf_counter()
            task()
            taken.append(time.perf_counter() - began)
    return [statistics.median(taken) for taken in seconds]
