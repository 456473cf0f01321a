from __future__ import annotations

from itertools import combinations

import pytest

from comments.models import Side
from tests.palette import EYES, THEMES, colors, contrast, distance

GROUNDS = ["bg", "surface", "raised", "accent-soft"]


def sides(theme: str) -> dict[str, str]:
    found = colors(theme)
    return {color: found[f"color-side-{color}"] for color in Side.Color}


@pytest.mark.parametrize("theme", THEMES)
class TestSideColors:
    @pytest.mark.parametrize("ground", GROUNDS)
    def test_stand_out_from_the_ground(self, ground: str, theme: str) -> None:
        below = colors(theme)[f"color-{ground}"]

        assert min(contrast(color, below) for color in sides(theme).values()) >= 3

    @pytest.mark.parametrize("eye", EYES)
    def test_differ_to_every_eye(self, eye: str, theme: str) -> None:
        pairs = combinations(sides(theme).values(), 2)

        assert min(distance(*pair, EYES[eye]) for pair in pairs) > 20


def test_each_color_has_a_sign_of_its_own() -> None:
    signs = [Side(color=color).sign for color in Side.Color]

    assert len(set(signs)) == len(Side.Color) == 6
