from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count, cycle
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Site
from tests.browser.writer import sign_in

pytestmark = pytest.mark.browser

WAYS = [
    pytest.param((390, False), id="phone-without-javascript"),
    pytest.param((1280, True), id="desk"),
    pytest.param((390, True), id="phone"),
]
SET = (
    "from core.models import SiteSettings; "
    "SiteSettings.objects.update_or_create(pk=1, defaults={'edit_minutes': %d})"
)
numbers = count(1)


@pytest.fixture(scope="module")
def accounts(browser: Browser, site: Site) -> Iterator[Iterator[list[Any]]]:
    """Owners in turn, so that none writes too much; every edit is public."""
    site.manage("shell", "-c", SET % 0)
    yield cycle([cookies_of(browser, site, f"historian{n}") for n in range(3)])
    site.manage("shell", "-c", SET % 30)


def cookies_of(browser: Browser, site: Site, handle: str) -> list[Any]:
    site.make_owner(handle)
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    page.goto("/accounts/login/")
    sign_in(page, handle)
    cookies = context.cookies()
    context.close()
    return list(cookies)


@pytest.fixture
def cookies(accounts: Iterator[list[Any]]) -> list[Any]:
    return next(accounts)


@pytest.fixture
def page(
    request: pytest.FixtureRequest,
    new_page: Callable[..., Page],
    cookies: list[Any],
    site: Site,
    tmp_path: Path,
) -> Page:
    """A comment of one's own that says "A plain word"."""
    width, has_javascript = request.param
    page = new_page(width=width, has_javascript=has_javascript)
    page.context.add_cookies(cookies)
    n = next(numbers)
    text = f"---\ntitle: History {n}\n---\nWords {n}.\n"
    page.goto(site.publish(tmp_path / f"{n}.md", text, author="historian0"))
    page.get_by_role("link", name="Write a comment").click()
    body_of(page).fill("A plain word")
    page.get_by_role("button", name="Publish comment").click()
    expect(page.locator(".comment__body")).to_have_text("A plain word")
    return page


def body_of(page: Page) -> Locator:
    return page.get_by_label("Your comment")


def edit_address(page: Page) -> str:
    public_id = page.locator(".comment").get_attribute("data-comment")
    return f"/comments/{public_id}/edit/"


def save(page: Page, words: str) -> None:
    body_of(page).fill(words)
    page.get_by_role("button", name="Save").click()


@pytest.mark.parametrize("page", WAYS[:2], indirect=True)
def test_readers_see_what_was_changed(page: Page) -> None:
    page.goto(edit_address(page))
    expect(page.locator("main")).to_contain_text("Everybody will be able to see")
    save(page, "A better word")
    page.locator(".comment").get_by_role("link", name="edited").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("What was changed")
    removed = page.locator(".diff__line--removed mark")
    added = page.locator(".diff__line--added mark")
    expect(removed.first).to_have_text("plain")
    expect(added.first).to_have_text("better")

    page.get_by_role("link", name="Back to the comment").click()
    expect(page.locator(".comment__body")).to_contain_text("A better word")


@pytest.mark.parametrize("page", [WAYS[1], WAYS[2]], indirect=True)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(page: Page) -> None:
    page.goto(edit_address(page), wait_until="networkidle")
    save(page, "A better word, and " + "w" * 200)
    page.locator(".comment").get_by_role("link", name="edited").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What was changed")

    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        assert [v["id"] for v in Axe().run(page).response["violations"]] == []
    html = page.locator("html")
    assert html.evaluate("html => html.scrollWidth - html.clientWidth") <= 0


@pytest.mark.parametrize("page", WAYS[:2], indirect=True)
def test_two_tabs_do_not_write_over_each_other(page: Page) -> None:
    other = page.context.new_page()
    address = edit_address(page)
    for tab in (page, other):
        tab.goto(address, wait_until="networkidle")
    save(other, "Words of that tab")
    expect(other.locator(".comment__body")).to_have_text("Words of that tab")

    save(page, "Words of this tab")

    expect(page.get_by_role("alert")).to_contain_text("changed elsewhere")
    expect(page.get_by_role("alert")).to_contain_text("Words of that tab")
    expect(body_of(page)).to_have_value("Words of this tab")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".comment__body")).to_have_text("Words of this tab")


@pytest.mark.parametrize("page", [WAYS[1]], indirect=True)
def test_draft_remembers_which_words_it_began_with(
    page: Page, new_page: Callable[..., Page], cookies: list[Any]
) -> None:
    address = edit_address(page)
    page.goto(address, wait_until="networkidle")
    body_of(page).fill("Half an edit")
    page.wait_for_function(
        "words => Object.values(localStorage).some(text => text.includes(words))",
        arg="Half an edit",
    )
    elsewhere = new_page()
    elsewhere.context.add_cookies(cookies)
    elsewhere.goto(address, wait_until="networkidle")
    save(elsewhere, "Words of that device")
    expect(elsewhere.locator(".comment__body")).to_have_text("Words of that device")

    page.reload(wait_until="networkidle")
    expect(body_of(page)).to_have_value("Half an edit")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("alert")).to_contain_text("Words of that device")
