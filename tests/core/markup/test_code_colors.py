from __future__ import annotations

import pytest

from tests.palette import THEMES, colors, contrast

TEXTS = [
    "text",
    "muted",
    "keyword",
    "string",
    "comment",
    "number",
    "name",
    "function",
    "tag",
    "deleted",
    "inserted",
]


@pytest.mark.parametrize("theme", THEMES)
class TestContrast:
    @pytest.mark.parametrize("name", TEXTS)
    def test_is_readable_on_the_code_block(self, name: str, theme: str) -> None:
        found = colors(theme)

        assert contrast(found[f"code-{name}"], found["color-code-bg"]) >= 4.5

    @pytest.mark.parametrize("name", TEXTS)
    @pytest.mark.parametrize("ground", ["deleted", "inserted", "marked"])
    def test_is_readable_on_a_line_of_its_own_ground(
        self, ground: str, name: str, theme: str
    ) -> None:
        found = colors(theme)

        assert contrast(found[f"code-{name}"], found[f"code-{ground}-bg"]) >= 4.5


def test_both_dark_themes_are_the_same() -> None:
    assert colors("dark by system") == colors("dark by choice")
