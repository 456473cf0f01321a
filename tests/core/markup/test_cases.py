from __future__ import annotations

import pytest

from core.markup import Profile, render
from tests.core.markup.cases import IN_BOTH, IN_COMMENTS, IN_POSTS

CASES = [
    *((Profile.POST, case) for case in IN_BOTH + IN_POSTS),
    *((Profile.COMMENT, case) for case in IN_BOTH + IN_COMMENTS),
]


@pytest.mark.parametrize(
    ("profile", "case"), CASES, ids=[f"{p}: {case[0]}" for p, case in CASES]
)
def test_case(profile: Profile, case: tuple[str, str, str]) -> None:
    _, markdown, html = case

    assert render(markdown, profile).html.strip() == html.strip()


def test_there_are_enough_cases() -> None:
    assert len(IN_BOTH + IN_POSTS + IN_COMMENTS) >= 60
