from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import date
from pathlib import Path

import pytest

from benchmarks import chart, report
from benchmarks.figures import Figure, Run

SVG = "{http://www.w3.org/2000/svg}"
FIGURES = [
    Figure("Hits", "2.10 ×", "bare", value=2.1, least=2.5, times_bare=2.1),
    Figure("Slowest", "40 ms", "alone", value=40, most=60, unit="ms"),
    Figure("bare <WSGI>", "", times_bare=1.0),
]


def test_table_says_what_is_not_reached() -> None:
    assert report.table(FIGURES).splitlines()[2:] == [
        "| Hits | 2.10 × | bare | ≥ 2.5: **not reached** |",
        "| Slowest | 40 ms | alone | ≤ 60 ms |",
    ]


def test_page_tells_circumstances_and_shows_the_chart() -> None:
    found = report.Circumstances(date(2026, 3, 1), "18.6", seconds=590, load=0.2)

    page = report.page(FIGURES, Run(Path("unused"), rounds=7), found)

    assert "1 March 2026" in page
    assert "PostgreSQL 18.6" in page
    assert "whose load was 0.2" in page
    assert "in turn, 7 times" in page
    assert "took 10 minutes" in page
    assert "](images/performance.svg)" in page
    assert "| Slowest | 40 ms | alone | ≤ 60 ms |" in page


def test_chart_has_bars_as_long_as_their_figures() -> None:
    drawing = ET.fromstring(chart.draw(FIGURES))  # noqa: S314

    widths = [float(bar.attrib["width"]) for bar in drawing.iter(f"{SVG}rect")]
    words = [text.text for text in drawing.iter(f"{SVG}text")]
    assert widths[1] / widths[0] == pytest.approx(2.1, rel=0.01)
    assert words == [chart.TITLE, "bare <WSGI>", "1.00", "Hits", "2.10"]


def test_chart_has_colors_for_the_dark() -> None:
    assert "@media (prefers-color-scheme: dark)" in chart.draw(FIGURES)


def test_chart_without_bars_is_a_drawing() -> None:
    drawing = ET.fromstring(chart.draw([]))  # noqa: S314

    assert list(drawing.iter(f"{SVG}rect")) == []
