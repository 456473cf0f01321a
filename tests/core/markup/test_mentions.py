from __future__ import annotations

from collections.abc import Mapping, Set

import pytest

from core.markup import Profile, render


def people(handles: Set[str]) -> Mapping[str, str]:
    return {handle: f"/@{handle}/" for handle in handles if handle != "nobody"}


def html(markdown: str) -> str:
    return render(markdown, Profile.COMMENT, people=people).html


@pytest.mark.parametrize(
    "text", ["@anna", "(@anna)", "hi @anna!", "@anna.", "*@anna*", "@anna's", "_@anna_"]
)
def test_person_is_linked(text: str) -> None:
    assert 'href="/@anna/" rel="nofollow ugc noopener">@anna</a>' in html(text)


def test_case_of_a_handle_does_not_matter() -> None:
    assert 'href="/@anna/"' in html("@Anna")
    assert ">@Anna</a>" in html("@Anna")


@pytest.mark.parametrize(
    "text",
    [
        "@nobody",
        "a@anna",
        "@anna.example",
        "@anna@b.example",
        "`@anna`",
        "@a",
        "@anna-lena",
        "/@anna/",
        r"\@anna",
    ],
)
def test_what_only_looks_like_it_is_not(text: str) -> None:
    assert 'class="mention"' not in html(text)


def test_link_stays_one_link() -> None:
    assert html("[@anna](/x)").count("<a ") == 1


def test_people_are_asked_for_once() -> None:
    asked: list[Set[str]] = []

    def lookup(handles: Set[str]) -> Mapping[str, str]:
        asked.append(handles)
        return {}

    render("@anna @bert\n\n@Anna", Profile.COMMENT, people=lookup)
    render("nobody", Profile.COMMENT, people=lookup)

    assert asked == [{"anna", "bert"}]
