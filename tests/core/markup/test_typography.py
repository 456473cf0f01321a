from __future__ import annotations

import pytest

from core.markup import Profile, render


def text(markdown: str, language: str) -> str:
    html = render(markdown, Profile.POST, language=language).html
    return html.removeprefix("<p>").removesuffix("</p>\n")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "“a ‘b’ c”"),
        ("en-GB", "“a ‘b’ c”"),
        ("de", "„a ‚b‘ c“"),
        ("de-AT", "„a ‚b‘ c“"),
        ("de-CH", "«a ‹b› c»"),
        ("fr", "«\u202fa “b” c\u202f»"),
        ("es", "«a “b” c»"),
        ("pl", "„a «b» c”"),
        ("ru", "«a „b“ c»"),
        ("sv", "”a ’b’ c”"),
        ("tlh", "“a ‘b’ c”"),
        ("", "“a ‘b’ c”"),
    ],
)
def test_quotation_marks_are_those_of_the_language(
    language: str, expected: str
) -> None:
    assert text("\"a 'b' c\"", language) == expected


def test_french_sets_its_marks_apart_without_a_line_break() -> None:
    assert text("a ! b ? c : d ; « e »", "fr") == (
        "a\u202f! b\u202f? c\u00a0: d\u202f; «\u202fe\u202f»"
    )


def test_french_marks_stay_with_emphasis_and_code() -> None:
    assert text("**a** ! `b` ; « *c* »", "fr_FR") == (
        "<strong>a</strong>\u202f! <code>b</code>\u202f; «\u202f<em>c</em>\u202f»"
    )


def test_other_languages_keep_their_spaces() -> None:
    assert text("a ! b", "en") == "a ! b"


def test_mark_across_lines_and_emphasis_is_paired() -> None:
    assert text('"a *b*\nc **d**"', "en") == ("“a <em>b</em>\nc <strong>d</strong>”")


def test_marks_are_not_paired_out_of_emphasis() -> None:
    assert text('*"a* b"', "en") == '<em>"a</em> b"'


def test_code_in_html_is_left_alone() -> None:
    assert text("<code>'a' -- \"b\"</code> 'c'", "en") == (
        "<code>'a' -- \"b\"</code> ‘c’"
    )


def test_contents_are_set_as_the_heading() -> None:
    [entry] = render('## It\'s "a"', Profile.POST).toc

    assert (entry.text, entry.id) == ("It’s “a”", "section-its-a")


def test_many_marks_take_no_longer_than_their_length() -> None:
    pairs = "'a \"b\" c' " * 2_000

    assert text(pairs, "en").count("“") == 2_000
