"""Measure what the README claims: `uv run python -m benchmarks`.

Starts a blog of its own in a temporary folder (twice), loads the article in a browser,
counts queries with little and with much content, and renders an article beside others.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks import markup, pages, queries, site


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="byline-bench-") as folder:
        data = Path(folder)
        with site.serve(data) as first:
            pass
        with site.serve(data) as second:
            weight = pages.weigh(second.url)
        counts = queries.count(data)
    cost = markup.measure()
    print("| Figure | Value | Beside |")
    print("|---|---|---|")
    ratio = second.seconds / first.seconds
    print(f"| First start, to the ready line | {first.seconds:.1f} s | |")
    print(f"| Second start | {second.seconds:.1f} s | {ratio:.2f} of the first |")
    for name, value in weight.items():
        print(f"| Article page: {name} | {value} | |")
    for path, (few, many) in counts.items():
        print(f"| Queries of {path} | {few} | {many} with ten times the content |")
    name = f"Rendering {cost.words:,} words with 10 blocks of code"
    times = cost.pipeline / cost.bare
    print(
        f"| {name} | {cost.pipeline * 1000:.0f} ms | {times:.1f} × engine, Pygments |"
    )
    times = cost.pipeline / cost.python_markdown
    print(f"| The same | | {times:.1f} × Python-Markdown with its extensions |")
    print(f"| From 1 to 10 kB of prose | {cost.growth_to_10_kb:.1f} × the time | |")
    print(f"| From 10 to 100 kB | {cost.growth_to_100_kb:.1f} × the time | |")
    growth = cost.engine_growth_to_1_mb
    print(f"| From 100 kB to 1 MB, the engine alone | {growth:.1f} × the time | |")
    print(f"| Memory for all of it, 300 kB at most | {cost.megabytes:.0f} MB | |")


if __name__ == "__main__":
    main()
