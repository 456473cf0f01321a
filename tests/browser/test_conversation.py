from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import PASSWORD, Site

pytestmark = pytest.mark.browser

CODE = re.compile(r"^ +([0-9A-Z]{4}-[0-9A-Z]{4})$", re.MULTILINE)
WAYS = [
    pytest.param((390, True), id="phone"),
    pytest.param((1280, True), id="desk"),
    pytest.param((390, False), id="phone-without-javascript"),
    pytest.param((1280, False), id="desk-without-javascript"),
]
numbers = count(1)


@dataclass
class Talk:
    """One article of its own for each journey, and a member who reads it."""

    page: Page
    path: str
    has_javascript: bool

    def open(self) -> None:
        self.page.goto(self.path)

    def open_until(self, place: Locator, text: str) -> None:
        """The page that all see, which is right a second after an act."""
        end = time.monotonic() + 10
        self.open()
        while place.text_content() != text and time.monotonic() < end:
            self.open()
        expect(place).to_have_text(text)

    def comment(self, words: str) -> Locator:
        body = self.page.locator(".comment__body", has_text=words)
        return self.page.locator(".comment").filter(has=body).last

    def announced(self, words: str) -> None:
        if self.has_javascript:
            expect(self.page.locator("#announcer")).to_contain_text(words)


@pytest.fixture(scope="module")
def make_article(
    site: Site, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], str]:
    site.make_owner("host")
    folder: Path = tmp_path_factory.mktemp("talks")

    def make() -> str:
        n = next(numbers)
        text = f"---\ntitle: Talk {n}\n---\nWhat do you think of {n}?\n"
        return site.publish(folder / f"talk-{n}.md", text, author="host")

    return make


def sign_up(page: Page, site: Site) -> str:
    """Make a member; the address."""
    name = f"talker{next(numbers)}"
    page.goto("/accounts/signup/")
    page.locator("[name=email]").fill(f"{name}@example.org")
    page.locator("[name=handle]").fill(name)
    page.locator("[name=password1]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.locator("[name=code]").wait_for()
    page.locator("[name=code]").fill(code_of(site, f"{name}@example.org"))
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("main")).to_contain_text(name)
    return f"{name}@example.org"


def code_of(site: Site, address: str) -> str:
    for _ in range(100):
        for mail in (site.data / "mail").glob("*.eml"):
            text = mail.read_text()
            if address in text and (found := CODE.search(text)):
                return found[1]
        time.sleep(0.1)
    raise AssertionError(f"no code for {address}")


@pytest.fixture(scope="module")
def member_cookies(browser: Browser, site: Site) -> list[Any]:
    """One member for the journeys that do not begin with signing up."""
    context = browser.new_context(base_url=site.url)
    sign_up(context.new_page(), site)
    cookies = context.cookies()
    context.close()
    return list(cookies)


@pytest.fixture
def talk(
    request: pytest.FixtureRequest,
    new_page: Callable[..., Page],
    make_article: Callable[[], str],
    member_cookies: list[Any],
) -> Talk:
    width, has_javascript = request.param
    page = new_page(width=width, has_javascript=has_javascript)
    page.context.add_cookies(member_cookies)
    return Talk(page, make_article(), has_javascript)


@pytest.mark.parametrize("talk", WAYS, indirect=True)
def test_member_reacts_and_takes_it_back(talk: Talk) -> None:
    talk.open()
    love = talk.page.locator('#reactions [data-kind="love"]').first

    press(talk, love, "Love it: given. 1 in all")
    expect(love.locator("data")).to_have_text("1")
    press(talk, love, "Love it: taken back. 0 in all")
    expect(love.locator("data")).to_have_text("0")

    press(talk, love, "Love it: given. 1 in all")
    talk.open_until(love.locator("data"), "1")
    if talk.has_javascript:
        expect(love).to_have_attribute("aria-pressed", "true")


def press(talk: Talk, reaction: Locator, said: str) -> None:
    reaction.click()
    if talk.has_javascript:
        talk.announced(said)
    else:
        talk.page.get_by_role("button", name="Love it").click()
        expect(talk.page).to_have_url(
            re.compile(rf"{re.escape(talk.path)}\?after=\d+#")
        )


@pytest.mark.parametrize(("width", "has_javascript"), [way.values[0] for way in WAYS])
def test_newcomer_signs_up_comments_replies_edits_reports_and_deletes(
    new_page: Callable[..., Page],
    make_article: Callable[[], str],
    site: Site,
    width: int,
    has_javascript: bool,
) -> None:
    page = new_page(width=width, has_javascript=has_javascript)
    sign_up(page, site)
    talk = Talk(page, make_article(), has_javascript)
    talk.open()

    page.get_by_role("link", name="Write a comment").click()
    body = page.get_by_label("Your comment")
    if talk.has_javascript:
        expect(body).to_be_focused()
    body.fill("First **words**")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("[data-preview-body] strong")).to_have_text("words")
    page.get_by_role("button", name="Publish comment").click()
    expect(talk.comment("First words")).to_be_visible()
    expect(page.locator(".comment-count")).to_have_text("1 comment")
    # The script takes the mark of the act out of the address.
    mark = "" if talk.has_javascript else r"\?after=\d+"
    landed = rf"{re.escape(talk.path)}{mark}#comment-\w{{10}}$"
    expect(page).to_have_url(re.compile(landed))
    talk.announced("Your comment is published")
    if talk.has_javascript:
        expect(page.locator(".comment").first).to_be_focused()

    talk.comment("First words").get_by_role("link", name="Reply").click()
    page.get_by_label("Your comment").fill("An answer to it")
    page.get_by_role("button", name="Publish reply").click()
    expect(talk.comment("An answer to it")).to_be_visible()
    talk.announced("Your reply is published")
    expect(page.locator(".thread__replies .comment")).to_have_count(1)

    open_own(talk, "An answer to it", "Edit")
    expect(page.get_by_label("Your comment")).to_have_value("An answer to it")
    page.get_by_label("Your comment").fill("A better answer")
    page.get_by_role("button", name="Save").click()
    expect(talk.comment("A better answer")).not_to_contain_text("edited")
    talk.announced("Your comment is changed")

    report(talk, "First words")

    talk.open()
    open_own(talk, "First words", "Delete")
    page.get_by_role("button", name="Delete").click()
    expect(page.locator(".comment__tombstone")).to_contain_text("deleted by its author")
    talk.announced("The comment is deleted")
    expect(talk.comment("A better answer")).to_be_visible()
    expect(page.locator(".comment-count")).to_have_text("1 comment")


def open_own(talk: Talk, words: str, act: str) -> None:
    """Without JavaScript the way leads over "More"."""
    comment = talk.comment(words)
    if not talk.has_javascript:
        comment.locator(".comment__more").first.click()
        comment = talk.page.locator("main")
    comment.get_by_role("link", name=act, exact=True).first.click()


def report(talk: Talk, words: str) -> None:
    page = talk.page
    talk.comment(words).get_by_role("link", name="Report this comment").first.click()
    page.get_by_label("Reason").select_option("spam")
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_role("status")).to_contain_text("Thank you")


@pytest.mark.parametrize("talk", WAYS, indirect=True)
def test_what_is_wrong_is_told_at_the_field_and_the_text_stays(talk: Talk) -> None:
    page = talk.page
    talk.open()
    page.get_by_role("link", name="Write a comment").click()
    body = page.get_by_label("Your comment")
    body.evaluate("body => body.removeAttribute('required')")
    words = "[x]: http://example.org"

    body.fill(words)
    page.get_by_role("button", name="Publish comment").click()

    expect(page.locator(".field__error")).to_contain_text("Write a few words")
    expect(body).to_have_attribute("aria-invalid", "true")
    expect(body).to_have_value(words)
    if talk.has_javascript:
        expect(body).to_be_focused()


@pytest.mark.parametrize("talk", [WAYS[1]], indirect=True)
def test_cancel_gives_focus_back_and_two_forms_stand_side_by_side(talk: Talk) -> None:
    page = talk.page
    talk.open()
    write = page.get_by_role("link", name="Write a comment")
    write.click()
    page.get_by_role("link", name="Cancel").click()
    expect(write).to_be_focused()
    expect(page.locator("textarea")).to_have_count(0)

    write.click()
    page.get_by_label("Your comment").fill("Something to answer")
    page.get_by_role("button", name="Publish comment").click()
    page.get_by_role("link", name="Write a comment").click()
    page.locator("#comment-body").fill("Half a thought")
    talk.comment("Something to answer").get_by_role("link", name="Reply").click()
    page.locator("textarea[id^=reply]").fill("The answer")
    page.get_by_role("button", name="Publish reply").click()

    expect(talk.comment("The answer")).to_be_visible()
    expect(page.locator("#comment-body")).to_have_value("Half a thought")


@pytest.mark.parametrize("talk", [WAYS[0], WAYS[1]], indirect=True)
def test_escape_closes_a_form_and_loses_nothing(talk: Talk) -> None:
    page = talk.page
    talk.open()
    write = page.get_by_role("link", name="Write a comment")
    write.focus()
    page.keyboard.press("Enter")
    body = page.get_by_label("Your comment")
    expect(body).to_be_focused()
    page.keyboard.type("Half a thought")
    page.keyboard.press("Escape")

    expect(page.locator("[data-act-panel]")).to_have_count(0)
    expect(write).to_be_focused()
    page.keyboard.press("Enter")
    expect(body).to_have_value("Half a thought")

    report = page.locator("#reactions").get_by_role("link", name="Report")
    report.click()
    note = page.get_by_label("What should the moderators know?")
    note.fill("A whole story")
    note.press("Escape")
    expect(note).to_have_value("A whole story")
    note.fill("")
    note.press("Escape")
    expect(note).to_have_count(0)
    expect(report).to_be_focused()


@pytest.mark.parametrize(
    "talk", [pytest.param((320, True), id="small-phone")], indirect=True
)
def test_no_act_is_left_alone_on_a_line(talk: Talk) -> None:
    page = talk.page
    talk.open()
    page.get_by_role("link", name="Write a comment").click()
    page.get_by_label("Your comment").fill("Few words")
    page.get_by_role("button", name="Publish comment").click()
    expect(talk.comment("Few words").get_by_role("link", name="Edit")).to_be_visible()

    middles = (
        talk.comment("Few words")
        .locator(".comment__links > a")
        .evaluate_all(
            "links => links.map(link => link.getBoundingClientRect())"
            ".map(box => box.top + box.height / 2)"
        )
    )

    assert len(middles) == 5
    assert max(middles) - min(middles) < 2


def test_signing_in_elsewhere_lets_the_open_form_be_sent(
    new_page: Callable[..., Page], make_article: Callable[[], str], site: Site
) -> None:
    page = new_page()
    address = sign_up(page, site)
    talk = Talk(page, make_article(), has_javascript=True)
    talk.open()
    page.get_by_role("link", name="Write a comment").click()
    body = page.get_by_label("Your comment")
    body.fill("Worth **sending** twice")
    page.context.clear_cookies(name="session")

    page.get_by_role("button", name="Publish comment").click()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Sign in (opens in a new tab)").click()
    door = opened.value
    door.locator("[name=login]").fill(address)
    door.locator("[name=password]").fill(PASSWORD)
    door.locator("main form button[type=submit]").first.click()
    door.wait_for_url("**/comments/new/")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("[data-preview-body] strong")).to_have_text("sending")
    # A second time: what the preview renewed is old again.
    page.locator("[name=csrfmiddlewaretoken]").evaluate("e => e.value = 'x'.repeat(64)")
    page.get_by_role("button", name="Publish comment").click()

    expect(talk.comment("Worth sending twice")).to_be_visible()
    expect(page.locator(".comment")).to_have_count(1)


@pytest.mark.parametrize("talk", [WAYS[0], WAYS[1]], indirect=True)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(talk: Talk) -> None:
    page = talk.page
    talk.open()
    page.get_by_role("link", name="Write a comment").click()
    page.get_by_label("Your comment").fill("Code: `" + "x" * 200 + "`\n\n" + "y" * 300)
    page.get_by_role("button", name="Publish comment").click()
    expect(page.locator(".comment")).to_have_count(1)
    public_id = page.locator(".comment").get_attribute("data-comment")
    found: list[str] = []

    for path in [
        talk.path,
        f"{talk.path}comments/",
        f"{talk.path}comments/new/?parent={public_id}",
        f"{talk.path}reactions/",
        f"{talk.path}report/",
        f"/comments/{public_id}/options/",
        f"/comments/{public_id}/edit/",
        f"/comments/{public_id}/delete/",
    ]:
        page.goto(path)
        root = page.locator("html")
        wide = root.evaluate("html => html.scrollWidth - html.clientWidth")
        if wide > 0:
            found.append(f"{path} is {wide} px too wide")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.goto(path, wait_until="networkidle")
            for violation in Axe().run(page).response["violations"]:
                nodes = [node["html"] for node in violation["nodes"]]
                found.append(f"{path} {violation['id']} {json.dumps(nodes)[:300]}")

    assert found == []
