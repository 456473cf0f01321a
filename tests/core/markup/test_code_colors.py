from __future__ import annotations

import re

import pytest
from django.conf import settings

CSS = settings.BASE_DIR / "static" / "css"
THEMES = {
    "light": r":root \{(.*?)\}",
    "dark by system": r':root:not\(\[data-theme="light"\]\) \{(.*?)\}',
    "dark by choice": r':root\[data-theme="dark"\] \{(.*?)\}',
}
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


def colors(theme: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in ("tokens.css", "code-tokens.css"):
        css = (CSS / name).read_text(encoding="utf-8")
        for block in re.findall(THEMES[theme], css, re.DOTALL):
            found |= re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)
    return found


def luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


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
