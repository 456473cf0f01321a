from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import CHROMIUM, FLAGS
from tests.browser.conftest import Site

pytestmark = pytest.mark.browser

ARTICLE = """\
---
title: Reading aloud
tags: [reading]
---

First words.

## One

```python
def answer() -> int:
    return 42
```

## Two

Text.

## Three

Text.

## Four

Last words.
"""


@pytest.fixture(scope="module")
def article(site: Site, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a public article."""
    site.make_owner("reading")
    file = tmp_path_factory.mktemp("posts") / "reading.md"
    return site.publish(file, ARTICLE, author="reading")


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("has_javascript", [True, False])
def test_reader_finds_and_reads_an_article(
    article: str, new_page: Callable[..., Page], width: int, has_javascript: bool
) -> None:
    page = new_page(width=width, has_javascript=has_javascript)

    page.goto("/")
    page.get_by_role("link", name="Reading aloud").first.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Reading aloud")
    expect(page.locator(".e-content pre")).to_contain_text("def answer")
    assert page.url.endswith(article)
    page.get_by_role("link", name="reading", exact=True).first.click()
    expect(page.locator(".h-entry")).to_have_count(1)


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_page_scrolls_sideways(
    article: str, new_page: Callable[..., Page], width: int
) -> None:
    page = new_page(width=width)

    for path in ["/", article, "/tags/", "/@reading/", "/nothing/", "/accounts/login/"]:
        page.goto(path)
        root = page.locator("html")
        overflow = root.evaluate("html => html.scrollWidth - html.clientWidth")
        assert overflow <= 0, path


@pytest.mark.parametrize("width", [800, 900, 1024, 1280])
def test_lines_keep_the_measure(
    article: str, new_page: Callable[..., Page], width: int
) -> None:
    page = new_page(width=width)
    page.goto(article)

    ems = "e => e.clientWidth / parseFloat(getComputedStyle(e).fontSize)"
    # An average letter is about half as wide as the type is large.
    assert 60 <= 2 * page.locator(".article__text").evaluate(ems) <= 75
    for block in (".article__head", ".article__conversation"):
        box = page.locator(block).bounding_box()
        text = page.locator(".article__text").bounding_box()
        assert box
        assert text
        assert box["x"] == text["x"]


def test_code_goes_fullscreen_and_focus_returns(
    article: str, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    page.goto(article)
    button = page.get_by_role("button", name="Fullscreen").first

    button.click()
    expect(page.locator("dialog[open]")).to_contain_text("def answer")
    page.keyboard.press("Escape")

    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(button).to_be_focused()


def test_theme_is_chosen_and_kept(article: str, new_page: Callable[..., Page]) -> None:
    page = new_page()
    page.goto("/")
    before = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")

    page.get_by_role("button", name="theme").click()
    page.goto(article)

    after = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert before != after


@pytest.mark.parametrize("is_chosen", [True, False])
def test_paper_is_light_and_its_lines_readable(
    article: str, new_page: Callable[..., Page], is_chosen: bool
) -> None:
    page = new_page()
    page.goto(article)
    if is_chosen:
        page.get_by_role("button", name="theme").click()
    page.emulate_media(media="print", color_scheme="light" if is_chosen else "dark")

    colors = "e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]"
    text, ground = page.locator(".code-block").first.evaluate(colors)
    assert brightness(text) < 100
    assert brightness(ground) > 230
    assert page.locator("html").evaluate(colors) == [
        "rgb(0, 0, 0)",
        "rgb(255, 255, 255)",
    ]
    ems = "e => e.clientWidth / parseFloat(getComputedStyle(e).fontSize)"
    assert 30 < page.locator(".article__text").evaluate(ems) <= 36


def brightness(color: str) -> float:
    red, green, blue = [int(part) for part in re.findall(r"\d+", color)[:3]]
    return (red + green + blue) / 3


def test_first_tab_leads_past_the_header(
    article: str, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    page.goto(article)

    page.keyboard.press("Tab")

    expect(page.locator(":focus")).to_have_attribute("href", "#content")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(
    article: str, new_page: Callable[..., Page], scheme: str
) -> None:
    page = new_page()
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    found: list[str] = []

    for path in ["/", article, "/tags/", "/@reading/", "/accounts/signup/"]:
        page.goto(path)
        for violation in Axe().run(page).response["violations"]:
            nodes = [node["html"] for node in violation["nodes"]]
            found.append(f"{path} {violation['id']} {json.dumps(nodes)[:300]}")

    assert found == []


def test_article_loads_nothing_from_elsewhere(
    article: str, site: Site, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(article, wait_until="networkidle")

    assert [url for url in asked if not url.startswith((site.url, "data:"))] == []
    # What links may be made ahead is read last, when nothing else waits.
    aside = ("/fonts/", ".speculationrules")
    assert len([url for url in asked if not any(a in url for a in aside)]) <= 6


def test_font_and_stylesheet_are_fetched_once(
    article: str, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))

    page.goto(article, wait_until="networkidle")

    for name in ("/css/main.", "/fonts/literata."):
        assert len([url for url in asked if name in url]) == 1, name
    assert [text for text in complaints if "preload" in text] == []


def test_next_page_is_made_ahead_when_its_link_is_pointed_at(
    article: str, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    page.goto("/")
    link = page.get_by_role("link", name="Reading aloud").first

    with page.context.expect_event(
        "request", lambda request: request.url.endswith(article)
    ) as ahead:
        link.hover()
    purpose = ahead.value.header_value("sec-purpose") or ""

    assert purpose.startswith("prefetch")
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Reading aloud")


def test_private_pages_are_not_made_ahead(
    article: str, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    page.goto(article)
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))

    for name in ("Account", "Comment"):
        page.get_by_role("link", name=name).first.hover()
        page.wait_for_timeout(600)

    assert [url for url in asked if "/static/" not in url] == []


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_pages_fade_into_each_other_unless_motion_is_unwanted(
    article: str, new_page: Callable[..., Page], motion: str
) -> None:
    page = new_page()
    page.emulate_media(
        reduced_motion="reduce" if motion == "reduce" else "no-preference"
    )
    page.add_init_script(
        "addEventListener('pagereveal', e => { window.fades = !!e.viewTransition })"
    )
    page.goto("/")

    page.get_by_role("link", name="Reading aloud").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Reading aloud")

    assert page.evaluate("window.fades") == (motion == "no-preference")


def test_going_back_shows_the_page_as_it_was(
    article: str, site: Site, browser: Browser
) -> None:
    kind = browser.browser_type
    flags = ["--disable-back-forward-cache"]
    with_memory = kind.launch(
        executable_path=CHROMIUM, args=FLAGS, ignore_default_args=flags
    )
    try:
        page = with_memory.new_page(base_url=site.url)
        page.goto(article)
        page.evaluate("window.mark = 'kept'")
        page.goto("/tags/")

        page.go_back(wait_until="commit")

        assert page.evaluate("window.mark") == "kept"
    finally:
        with_memory.close()
