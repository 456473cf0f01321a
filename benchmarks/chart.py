"""Bars in SVG, readable on light and dark, without anything to install."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from benchmarks.figures import Figure

TITLE = "Requests a second, against a bare WSGI callable under gunicorn's sync worker"
WIDTH = 720
LABELS = 260
NUMBERS = 64
TOP = 48
BAR = 20
STEP = 32
STYLE = """\
text { font: 14px system-ui, sans-serif; fill: #1f2328; }
.title { font-weight: 600; }
.name { text-anchor: end; }
rect { fill: #8a929b; }
.hit { fill: #0b6e4f; }
line { stroke: #8a929b; stroke-dasharray: 3 3; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6e6e6; }
  rect { fill: #7d8590; }
  .hit { fill: #4cc38a; }
}
"""


def draw(figures: Sequence[Figure]) -> str:
    """A bar for each figure that has `times_bare`, the longest last."""
    bars = sorted(
        (figure.times_bare, figure.name)
        for figure in figures
        if figure.times_bare is not None
    )
    scale = (WIDTH - LABELS - NUMBERS) / max((times for times, _ in bars), default=1)
    height = TOP + STEP * len(bars)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"',
        f'  width="{WIDTH}" height="{height}" role="img" aria-labelledby="title">',
        f'<title id="title">{escape(TITLE)}</title>',
        f"<style>{STYLE}</style>",
        f'<text class="title" x="0" y="20">{escape(TITLE)}</text>',
        *(
            bar(name, times, scale, TOP + STEP * n)
            for n, (times, name) in enumerate(bars)
        ),
        f'<line x1="{LABELS + scale:.1f}" x2="{LABELS + scale:.1f}"',
        f'  y1="{TOP - 8}" y2="{height}"/>',
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def bar(name: str, times: float, scale: float, top: int) -> str:
    baseline = top + BAR - 5
    length = times * scale
    kind = "hit" if "hit" in name else "other"
    return (
        f'<text class="name" x="{LABELS - 12}" y="{baseline}">{escape(name)}</text>\n'
        f'<rect class="{kind}" x="{LABELS}" y="{top}"\n'
        f'  width="{length:.1f}" height="{BAR}" rx="3"/>\n'
        f'<text x="{LABELS + length + 8:.1f}" y="{baseline}">{times:.2f}</text>'
    )
