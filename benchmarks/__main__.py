"""Measure what the README claims: `uv run python -m benchmarks`.

Starts a blog of its own in a temporary folder (twice), loads the article in a browser,
and counts queries with little and with much content.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks import pages, queries, site


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="byline-bench-") as folder:
        data = Path(folder)
        with site.serve(data) as first:
            pass
        with site.serve(data) as second:
            weight = pages.weigh(second.url)
        counts = queries.count(data)
    print("| Figure | Value | Beside |")
    print("|---|---|---|")
    ratio = second.seconds / first.seconds
    print(f"| First start, to the ready line | {first.seconds:.1f} s | |")
    print(f"| Second start | {second.seconds:.1f} s | {ratio:.2f} of the first |")
    for name, value in weight.items():
        print(f"| Article page: {name} | {value} | |")
    for path, (few, many) in counts.items():
        print(f"| Queries of {path} | {few} | {many} with ten times the content |")


if __name__ == "__main__":
    main()
