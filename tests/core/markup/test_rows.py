from __future__ import annotations

import pytest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.markup import fill


@pytest.mark.parametrize(
    "value",
    [
        "",
        "plain",
        "<b>&amp;</b>",
        "\"'`",
        "{0} {name}",
        7,
        0,
        SafeString("<b>safe</b>"),
    ],
)
def test_fills_in_what_format_html_would(value: str | int) -> None:
    row = '<a href="{}">{}</a>'

    filled = fill(row, value, value)

    assert filled == format_html(row, value, value)
    assert isinstance(filled, SafeString)


def test_what_is_filled_is_safe_to_fill_in() -> None:
    inner = fill("<i>{}</i>", "<")

    assert fill("<b>{}</b>", inner) == "<b><i>&lt;</i></b>"
