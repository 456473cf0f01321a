"""What rendering an article costs, beside what it is made of and what others take."""

from __future__ import annotations

from benchmarks import markup
from benchmarks.figures import Figure, Run


def measure(run: Run) -> list[Figure]:
    cost = markup.measure(run.rounds)
    bare = cost.pipeline / cost.bare
    other = cost.pipeline / cost.python_markdown
    return [
        Figure(
            f"Rendering {cost.words:,} words with 10 blocks of code",
            f"{cost.pipeline * 1000:.0f} ms",
            f"{bare:.1f} × engine and Pygments, {other:.1f} × Python-Markdown with its "
            "extensions",
        ),
        Figure(
            "Rendering prose, from 1 to 10 kB",
            f"{cost.growth_to_10_kb:.2f} × the time for each byte",
        ),
        Figure(
            "The same, from 10 to 100 kB",
            f"{cost.growth_to_100_kb:.2f} × the time for each byte",
        ),
        Figure(
            "The same, from 100 kB to 1 MB, the engine alone",
            f"{cost.engine_growth_to_1_mb:.2f} × the time for each byte",
        ),
        Figure(
            "Memory for all of it, 300 kB of prose at most", f"{cost.megabytes:.0f} MB"
        ),
    ]
