from __future__ import annotations

import pytest

from core.markup import Profile, render
from core.markup.sanitize import sanitize
from core.markup.urls import is_own_file, is_safe_url
from tests import corpora
from tests.core.markup.html_rules import (
    broken_rules,
    canonical,
    elements,
    oracle,
)
from tests.core.markup.payloads import PAYLOADS


def rendered(payload: str, profile: Profile) -> str:
    # A NUL is refused as a whole; what stands around it is tried all the same.
    return render(payload.replace("\0", ""), profile).html


@pytest.mark.parametrize("profile", Profile)
class TestPayloads:
    @pytest.mark.parametrize("payload", PAYLOADS)
    def test_nothing_dangerous_is_left(self, payload: str, profile: Profile) -> None:
        html = rendered(payload, profile)

        assert broken_rules(html) == []
        assert canonical(oracle(html, profile)) == canonical(html)

    @pytest.mark.parametrize("payload", PAYLOADS)
    def test_a_second_cleaning_changes_nothing(
        self, payload: str, profile: Profile
    ) -> None:
        html = rendered(payload, profile)

        assert sanitize(html, profile) == html

    def test_corpus_leaves_nothing_dangerous(self, profile: Profile) -> None:
        payloads = corpora.load("xss/payloads.json")

        failed = {
            case["id"]: rules
            for case in payloads
            if (rules := broken_rules(rendered(case["payload"], profile)))
        }

        assert len(payloads) > 1000
        assert failed == {}

    def test_oracle_agrees_on_the_corpus(self, profile: Profile) -> None:
        htmls = {
            case["id"]: rendered(case["payload"], profile)
            for case in corpora.load("xss/payloads.json")
        }

        differing = [
            number
            for number, html in htmls.items()
            if canonical(oracle(html, profile)) != canonical(html)
        ]

        assert differing == []

    def test_naughty_strings_survive(self, profile: Profile) -> None:
        for text in corpora.load("naughty/blns.json"):
            html = rendered(text, profile)

            assert broken_rules(html) == []


@pytest.mark.parametrize(
    "url",
    [
        "/posts/x/",
        "#section-x",
        "?page=2",
        "x/y:z",
        "https://example.org/?a=b:c",
        "HTTP://EXAMPLE.ORG",
        "mailto:a@example.org",
        "",
    ],
)
def test_address_is_safe(url: str) -> None:
    assert is_safe_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:0",
        "JAVASCRIPT:0",
        "java\nscript:0",
        "\x01javascript:0",
        "&#106;avascript:0",
        "&amp;#106;avascript:0",
        "javascript&colon;0",
        "data:,x",
        "tel:1",
        "//example.org",
        "/\\example.org",
        "\u200bjavascript:0",
        "1:2",
        "http://",
        "https:example.org",
        "https://a:b/",
        "http://[::1",
    ],
)
def test_address_is_refused(url: str) -> None:
    assert not is_safe_url(url)


@pytest.mark.parametrize(
    "url", ["/media/../x.png", "media/x.png", "//media/x.png", "https://x/media/x.png"]
)
def test_only_own_files_are_shown(url: str) -> None:
    assert not is_own_file(url)


def test_classes_of_the_page_cannot_be_borrowed() -> None:
    html = render('<div class="site-header">x</div>', Profile.POST).html

    assert "site-header" not in html


def test_comment_shows_html_as_text() -> None:
    html = render("<b>x</b> <details>y</details>", Profile.COMMENT).html

    assert [node.tag for node in elements(html)] == ["DOCUMENT_FRAGMENT", "p"]
    assert "&lt;b&gt;x&lt;/b&gt;" in html
