"""Posts and comments against CommonMark and GFM: every difference is on purpose.

What our rules change everywhere is undone before the comparison (`undone`); what is
left must be exactly what is listed here with its reason.
"""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

from core.markup import Profile, render
from core.markup.sanitize import sanitize
from tests.conformance.specs import examples, normalized

# Quotation marks and dashes are set as the language has them.
TYPED = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "--", "—": "---"})
UNDO = [
    # Headings have an id and a link to it, and begin at h2; in comments they are bold.
    (re.compile(r' <a class="heading-anchor".*?</a>'), ""),
    (
        re.compile(r"<h[1-6](?: id=\"[^\"]*\")?>(.*?)</h[1-6]>", re.DOTALL),
        r"<h2>\1</h2>",
    ),
    # Code stands in a figure, its lines and words in elements of their own.
    (
        re.compile(
            r'<figure class="code-block" data-code-block="">\n'
            r"(?:<figcaption>.*?</figcaption>\n)?"
            r'<pre tabindex="0">(.*?)</pre>\n</figure>',
            re.DOTALL,
        ),
        r"<pre>\1</pre>",
    ),
    (
        re.compile(r'<span class="code-line" id="[^"]*">(.*?\n)</span>', re.DOTALL),
        r"\1",
    ),
    (re.compile(r'<span class="[a-z]{1,2}">(.*?)</span>', re.DOTALL), r"\1"),
    # Tables scroll where they are too wide, and say how they align by a class.
    (re.compile(r'<div class="table-scroll"[^>]*>\n(.*?)</div>', re.DOTALL), r"\1"),
    (re.compile(r' (?:align|class)="(?:align-)?(left|center|right)"'), r" align-\1"),
    # Boxes of tasks are pictures of a box.
    (re.compile(r' class="(?:contains-task-list|task-list-item)"'), ""),
    (re.compile(r'<span class="task-box"[^>]*>☐</span>'), "<i>box</i>"),
    (re.compile(r'<span class="task-box"[^>]*>☑</span>'), "<i>ticked box</i>"),
    (re.compile(r'<input disabled="" type="checkbox">'), "<i>box</i>"),
    (
        re.compile(r'<input checked="" disabled="" type="checkbox">'),
        "<i>ticked box</i>",
    ),
    # Links in comments say that nobody here vouches for them.
    (re.compile(r' rel="nofollow ugc noopener"'), ""),
]

PICTURES_OF_OTHERS = {475, 517, 520, 531, *range(572, 590), 591} - {590}
SCHEMES_THAT_ARE_NOT_LINKED = {596, 598, 599, 601}
ADDRESS_THAT_IS_NOT_SAFE = {500}
FTP_IS_NOT_LINKED = {628}
RAW_HTML_IS_TEXT = {653}
BARE_ADDRESSES_ARE_LINKED = {608, 611, 612}
CLASS_IS_ASCII = {34}


HEADING = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)


def undone(html: str, profile: Profile) -> str:
    for pattern, replacement in UNDO:
        html = pattern.sub(replacement, html)
    if profile is Profile.COMMENT:
        html = HEADING.sub(r"<p><strong>\1</strong></p>", html)
    return normalized(sanitize(html.translate(TYPED), profile))


def differing(name: str, profile: Profile) -> set[int]:
    found = set()
    for case in examples(name):
        html = render(case["markdown"], profile).html
        if undone(html, profile) != undone(case["html"], profile):
            found.add(case["example"])
    return found


def with_raw_html(name: str) -> set[int]:
    """Examples that are read differently where raw HTML is text."""
    engine = MarkdownIt("commonmark", {"html": False, "xhtmlOut": True})
    engine.enable(["table", "strikethrough"])
    known = MarkdownIt("commonmark", {"html": True, "xhtmlOut": True})
    known.enable(["table", "strikethrough"])
    return {
        case["example"]
        for case in examples(name)
        if engine.render(case["markdown"]) != known.render(case["markdown"])
    }


def test_post_is_commonmark_but_for_what_is_listed() -> None:
    assert differing("commonmark-0.31.2", Profile.POST) == (
        PICTURES_OF_OTHERS
        | SCHEMES_THAT_ARE_NOT_LINKED
        | ADDRESS_THAT_IS_NOT_SAFE
        | BARE_ADDRESSES_ARE_LINKED
        | CLASS_IS_ASCII
    )


def test_comment_is_commonmark_but_for_what_is_listed() -> None:
    raw_html = with_raw_html("commonmark-0.31.2")
    found = differing("commonmark-0.31.2", Profile.COMMENT)

    assert (
        found - raw_html
        == (
            PICTURES_OF_OTHERS
            | SCHEMES_THAT_ARE_NOT_LINKED
            | ADDRESS_THAT_IS_NOT_SAFE
            | BARE_ADDRESSES_ARE_LINKED
            | CLASS_IS_ASCII
        )
        - raw_html
    )


@pytest.mark.parametrize(
    ("profile", "on_purpose"),
    [
        (Profile.POST, FTP_IS_NOT_LINKED),
        (Profile.COMMENT, FTP_IS_NOT_LINKED | RAW_HTML_IS_TEXT),
    ],
)
def test_gfm_extensions_differ_by_what_is_listed(
    profile: Profile, on_purpose: set[int]
) -> None:
    assert differing("gfm-extension-examples", profile) == on_purpose
