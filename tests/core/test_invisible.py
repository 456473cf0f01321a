from __future__ import annotations

import pytest

from core.invisible import shows_something, without_bidi


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\u200b",
        "\u200b\u200d\ufeff",
        "\u2060\u00ad",
        "\u3164",
        "\u2800",
        "\u0301",
    ],
)
def test_nothing_is_seen(text: str) -> None:
    assert not shows_something(text)


@pytest.mark.parametrize("text", ["a", "7", "?", "💖", "\u200bא\u200b", "日", "ก็"])
def test_something_is_seen(text: str) -> None:
    assert shows_something(text)


def test_bidi_controls_go_and_marks_stay() -> None:
    assert without_bidi("\u202eabc\u2066\u2069 \u200fא") == "abc \u200fא"
