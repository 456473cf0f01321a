"""Pages of a conversation with 50 and with 10,000 comments, side by side."""

from __future__ import annotations

from typing import Any

from benchmarks import inside, site
from benchmarks.figures import Figure, Run


def measure(run: Run) -> list[Figure]:
    with site.blog(run) as blog:
        rows = inside.ask(blog.data, "benchmarks.conversation", "rows")
    return [
        Figure(
            f"Conversation of 10,000 comments, {row['shape']}: {row['page']}",
            f"{row['ratio']:.2f} × the time with 50; {cost(row['many'])}",
            f"with 50: {cost(row['few'])}",
            value=row["ratio"],
        )
        for row in rows
    ]


def cost(one: dict[str, Any]) -> str:
    return (
        f"{one['queries']} queries, {one['milliseconds']:.1f} ms, "
        f"{one['kilobytes']:.0f} kB"
    )
