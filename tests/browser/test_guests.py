from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from itertools import count
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PASSWORD, Site

pytestmark = pytest.mark.browser

LINK = re.compile(r"^http\S+(/comments/confirm/\S+)$", re.MULTILINE)
CODE = re.compile(r"^ +([0-9A-Z]{4}-[0-9A-Z]{4})$", re.MULTILINE)
WAYS = [
    pytest.param((390, True), id="phone"),
    pytest.param((1280, True), id="desk"),
    pytest.param((390, False), id="phone-without-javascript"),
]
# Who sends a form faster is taken for a robot.
PATIENCE = 2_100
numbers = count(1)


@pytest.fixture(scope="module")
def paths(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    site.make_owner("hostess")
    folder: Path = tmp_path_factory.mktemp("guests")
    for n in range(13):
        (folder / f"{n}.md").write_text(f"---\ntitle: Visit {n}\n---\nWords {n}.\n")
    options = ("--author", "hostess", "--publish")
    printed = site.manage("import_posts", str(folder), *options)
    return iter(re.findall(r"/posts/visit-\d+/", printed))


@dataclass
class Guest:
    """Somebody without an account before an article of their own."""

    page: Page
    site: Site
    path: str
    has_javascript: bool
    address: str

    def mailed(self, pattern: re.Pattern[str]) -> str:
        """What the newest message to the guest holds, once it has come."""
        for _ in range(150):
            mails = sorted((self.site.data / "mail").glob("*.eml"), reverse=True)
            for file in mails:
                mail = message_from_bytes(file.read_bytes(), policy=default)
                body = mail.get_body(["plain"])
                text = body.get_content() if body else ""
                if mail["To"] == self.address and (found := pattern.search(text)):
                    return found[1]
            time.sleep(0.1)
        raise AssertionError(f"no such mail for {self.address}")

    def comment(self, words: str) -> Locator:
        body = self.page.locator(".comment__body", has_text=words)
        return self.page.locator(".comment").filter(has=body).last

    def open_when_it_says(self, words: str) -> None:
        """What others do is on a page within a second or so, one's own act at once."""
        for _ in range(40):
            self.page.goto(self.path)
            if words in self.page.locator(".conversation").inner_text():
                return
            self.page.wait_for_timeout(250)

    def fill(self, words: str) -> None:
        self.page.goto(self.path)
        self.page.get_by_role("link", name="Write a comment").click()
        self.page.get_by_label("Your comment").fill(words)

    def say_who(self) -> None:
        self.page.get_by_label("Your name").fill("Grace H.")
        self.page.get_by_label("Your e-mail address").fill(self.address)

    def publish(self) -> None:
        self.page.wait_for_timeout(PATIENCE)
        self.page.get_by_role("button", name="Publish comment").click()

    def open_own(self, words: str, act: str) -> None:
        """Without JavaScript the way leads over "More"."""
        comment = self.comment(words)
        if not self.has_javascript:
            comment.locator(".comment__more").first.click()
            comment = self.page.locator("main")
        comment.get_by_role("link", name=act, exact=True).first.click()


@pytest.fixture
def guest(
    request: pytest.FixtureRequest,
    new_page: Callable[..., Page],
    site: Site,
    paths: Iterator[str],
) -> Guest:
    width, has_javascript = request.param
    page = new_page(width=width, has_javascript=has_javascript)
    address = f"grace{next(numbers)}@example.org"
    return Guest(page, site, next(paths), has_javascript, address)


def react(guest: Guest) -> None:
    love = guest.page.locator('#reactions [data-kind="love"]').first
    guest.page.goto(guest.path)
    love.click()
    if guest.has_javascript:
        said = guest.page.locator("#announcer")
        expect(said).to_contain_text("Love it: given. 1 in all")
    else:
        guest.page.get_by_role("button", name="Love it").click()
    expect(love.locator("data")).to_have_text("1")
    expect(guest.page).to_have_url(re.compile(re.escape(guest.path)))


def comment_and_wait(guest: Guest) -> None:
    page = guest.page
    guest.fill("First **words**")
    guest.say_who()
    guest.publish()
    waits = page.get_by_role("status").filter(has_text="Your comment waits for you")
    expect(waits).to_be_visible()
    if guest.has_javascript:
        expect(waits).to_be_focused()
        expect(page).to_have_url(re.compile(rf"{re.escape(guest.path)}$"))
    expect(page.locator(".comment")).to_have_count(0)


def confirm(guest: Guest, other: Page) -> None:
    """In another browser, as on the phone where the mail is read."""
    other.goto(guest.mailed(LINK))
    expect(other.get_by_role("heading", level=1)).to_have_text(
        "Was it you who wrote this?"
    )
    expect(other.locator("main")).to_contain_text("First words")
    other.get_by_role("button", name="Yes, publish it").click()
    expect(other.locator(".comment__body")).to_contain_text("First words")
    expect(other.locator(".comment__author")).to_contain_text("Grace H. guest")


def edit_and_delete(guest: Guest) -> None:
    page = guest.page
    guest.open_when_it_says("First words")
    guest.open_own("First words", "Edit")
    page.get_by_label("Your comment").fill("Better **words**")
    page.get_by_role("button", name="Save").click()
    expect(guest.comment("Better words")).to_be_visible()

    guest.fill("Second thoughts")
    expect(page.get_by_label("Your name")).to_have_value("Grace H.")
    expect(page.get_by_label("Your e-mail address")).to_have_value(guest.address)
    guest.publish()
    expect(guest.comment("Second thoughts")).to_be_visible()
    guest.open_own("Second thoughts", "Delete")
    page.get_by_role("button", name="Delete").click()
    expect(page.locator(".comment-count")).to_have_text("1 comment")
    expect(guest.comment("Second thoughts")).to_have_count(0)


def sign_up(guest: Guest) -> str:
    page, handle = guest.page, guest.address.partition("@")[0]
    page.goto("/accounts/signup/")
    page.locator("[name=email]").fill(guest.address)
    page.locator("[name=handle]").fill(handle)
    page.locator("[name=password1]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.locator("[name=code]").fill(guest.mailed(CODE))
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/accounts/")
    return handle


def find_it_all(guest: Guest, handle: str) -> None:
    page, love = guest.page, guest.page.locator('#reactions [data-kind="love"]').first
    guest.open_when_it_says(f"@{handle}")
    expect(guest.comment("Better words")).to_contain_text(f"@{handle}")
    expect(page.locator(".comment__guest")).to_have_count(0)
    expect(love.locator("data")).to_have_text("1")
    if guest.has_javascript:
        expect(love).to_have_attribute("aria-pressed", "true")
    guest.open_own("Better words", "Edit")
    expect(page.get_by_label("Your comment")).to_have_value("Better **words**")


@pytest.mark.parametrize("guest", WAYS, indirect=True)
def test_guest_comments_confirms_edits_and_becomes_a_member(
    guest: Guest, new_page: Callable[..., Page]
) -> None:
    react(guest)
    comment_and_wait(guest)
    confirm(guest, new_page(width=390, has_javascript=guest.has_javascript))
    edit_and_delete(guest)
    handle = sign_up(guest)
    find_it_all(guest, handle)


@pytest.mark.parametrize("guest", WAYS[:1], indirect=True)
def test_who_is_too_fast_loses_nothing_and_sends_again(guest: Guest) -> None:
    page = guest.page
    guest.fill("In a hurry")
    guest.say_who()
    stale = "form => { form.elements.opened.value = 'x'; }"
    page.locator("[data-comment-form]").evaluate(stale)

    page.get_by_role("button", name="Publish comment").click()

    expect(page.get_by_role("alert")).to_contain_text("Please send it again")
    expect(page.get_by_label("Your comment")).to_have_value("In a hurry")
    guest.publish()
    expect(page.get_by_role("status").last).to_contain_text("Your comment waits")


@pytest.mark.parametrize("guest", WAYS[:1], indirect=True)
def test_waiting_comment_is_remembered_and_mailed_again(guest: Guest) -> None:
    page = guest.page
    guest.fill("Where was I")
    guest.say_who()
    guest.publish()
    page.get_by_role("button", name="Send the mail again").click()
    again = page.get_by_role("status").filter(has_text="on its way once more")
    expect(again).to_be_focused()
    page.get_by_role("link", name="Back to the article").click()
    expect(page.get_by_role("link", name="Write a comment")).to_be_focused()

    page.reload()
    page.get_by_role("link", name="What it waits for").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Almost there")


@pytest.mark.parametrize("guest", WAYS, indirect=True)
def test_waiting_comment_is_edited_and_goes_on_waiting(
    guest: Guest, new_page: Callable[..., Page]
) -> None:
    page = guest.page
    guest.fill("First wrods")
    guest.say_who()
    guest.publish()
    page.get_by_role("link", name="Edit it").click()
    page.get_by_label("Your comment").fill("First **words**")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Almost there")
    expect(page.get_by_role("group", name="Your comment")).to_have_text("First words")

    confirm(guest, new_page(width=390, has_javascript=guest.has_javascript))


@pytest.mark.parametrize("guest", WAYS[:2], indirect=True)
def test_waiting_comment_is_edited_where_one_reads(guest: Guest) -> None:
    page = guest.page
    guest.fill("First wrods")
    guest.say_who()
    guest.publish()
    expect(page.get_by_role("status").last).to_contain_text("Your comment waits")
    page.goto(guest.path)
    note = page.locator(".conversation__waiting")

    for words in ("First words", "Second words"):
        note.get_by_role("link", name="Edit", exact=True).click()
        page.get_by_label("Your comment").fill(words)
        page.get_by_role("button", name="Save").click()
        waits = page.get_by_role("status").filter(has_text="Your comment waits for you")
        expect(waits).to_be_focused()

    expect(page.locator(".comment")).to_have_count(0)
    expect(page).to_have_url(re.compile(rf"{re.escape(guest.path)}$"))
    note.get_by_role("link", name="What it waits for").click()
    expect(page.get_by_role("group", name="Your comment")).to_have_text("Second words")


@pytest.mark.parametrize("guest", WAYS[:2], indirect=True)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(guest: Guest) -> None:
    page = guest.page
    guest.fill("Long `" + "x" * 200 + "`")
    guest.say_who()
    guest.publish()
    expect(page.get_by_role("status").last).to_contain_text("Your comment waits")
    waits = page.locator("[data-act-form]").get_attribute("action")
    found: list[str] = []

    for path in [
        guest.path,
        f"{guest.path}comments/new/",
        f"{guest.path}reactions/",
        str(waits),
        str(waits).replace("waiting", "options"),
        str(waits).replace("waiting", "edit"),
        guest.mailed(LINK),
    ]:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.goto(path, wait_until="networkidle")
            wide = page.locator("html").evaluate("h => h.scrollWidth - h.clientWidth")
            if wide > 0:
                found.append(f"{path} is {wide} px too wide")
            for violation in Axe().run(page).response["violations"]:
                nodes = [node["html"] for node in violation["nodes"]]
                found.append(f"{path} {violation['id']} {json.dumps(nodes)[:300]}")

    assert found == []
