from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Site
from tests.browser.writer import sign_in

pytestmark = pytest.mark.browser

QUEUE = "/admin/comments/queue/"
WAYS = [
    pytest.param((390, True), id="phone"),
    pytest.param((1280, True), id="desk"),
    pytest.param((390, False), id="phone-without-javascript"),
    pytest.param((1280, False), id="desk-without-javascript"),
]
PEOPLE = """
from tests import factories
for role in ("moderator", "author", "user"):
    make = getattr(factories, f"make_{role}")
    make(handle=f"queue_{role}", email=f"queue_{role}@example.org")
"""
WORDS = """
from accounts.models import User
from blog.models import Post
from comments.models import Comment
from tests import factories
post = Post.objects.get(slug={slug!r})
author = User.objects.get(handle="queue_user")
start = factories.make_comment(post, author=author, body="So it began.", key=post.slug)
comment = factories.make_comment(
    parent=start, author=author, body={words!r}, key={words!r}[:64]
)
if {is_waiting}:
    waiting = Comment.objects.filter(pk=comment.pk)
    waiting.update(state="pending", waits_for="moderator")
print(comment.public_id)
"""
numbers = count(1)


@dataclass
class Desk:
    """Somebody who decides, an article of its own, and what is said under it."""

    site: Site
    page: Page
    slug: str
    has_javascript: bool

    def say(self, words: str, *, is_waiting: bool = True) -> str:
        """A reply in the one thread of the article; its id."""
        script = WORDS.format(slug=self.slug, words=words, is_waiting=is_waiting)
        return self.site.manage("shell", "-v0", "-c", script).split()[-1]

    def item(self, words: str) -> Locator:
        return self.page.locator("[data-queue-item]").filter(
            has=self.page.get_by_label("The comment").get_by_text(words, exact=True)
        )

    def open(self, address: str = QUEUE) -> None:
        self.page.goto(address)

    def expect_under_article(self, words: str, *, is_seen: bool) -> None:
        """The queue leads to no public page, so this one may be a second behind."""
        shown = self.page.locator(".comment__body", has_text=words)
        for _ in range(20):
            self.open(f"/posts/{self.slug}/comments/")
            if shown.count() == is_seen:
                return
            self.page.wait_for_timeout(200)
        expect(shown).to_have_count(int(is_seen))


@pytest.fixture(scope="module")
def cookies(site: Site, browser: Browser) -> dict[str, list[Any]]:
    """What the browsers of a moderator, an author and a member hold."""
    site.manage("shell", "-v0", "-c", PEOPLE)
    held = {}
    for role in ("moderator", "author", "user"):
        with browser.new_context(base_url=site.url) as context:
            page = context.new_page()
            page.goto("/accounts/login/")
            sign_in(page, f"queue_{role}")
            held[role] = list(context.cookies())
    return held


@pytest.fixture
def make_desk(
    site: Site,
    new_page: Callable[..., Page],
    cookies: dict[str, list[Any]],
    tmp_path: Path,
) -> Callable[..., Desk]:
    def make(role: str = "moderator", way: tuple[int, bool] = (1280, True)) -> Desk:
        width, has_javascript = way
        page = new_page(width=width, has_javascript=has_javascript)
        page.context.add_cookies(cookies[role])
        # A glide between pages that is cut short counts as a complaint.
        page.emulate_media(reduced_motion="reduce")
        text = f"---\ntitle: Case {next(numbers)}\n---\nJudge for yourself.\n"
        path = site.publish(tmp_path / "case.md", text, author="queue_author")
        return Desk(site, page, path.rstrip("/").split("/")[-1], has_javascript)

    return make


@pytest.mark.parametrize("way", WAYS)
def test_moderator_approves_takes_back_and_removes(
    make_desk: Callable[..., Desk], way: tuple[int, bool]
) -> None:
    desk = make_desk(way=way)
    words = f"Is this allowed, {desk.slug}?"
    desk.say(words)

    desk.open("/admin/")
    desk.page.locator("#content").get_by_role("link", name="Queue (").click()
    desk.item(words).get_by_role("button", name="Approve").click()
    expect(desk.page.get_by_role("status")).to_contain_text("Approved: 1 comment.")
    desk.expect_under_article(words, is_seen=True)

    desk.page.go_back()
    desk.page.get_by_role("button", name="Undo").click()
    expect(desk.page.get_by_text("Taken back.")).to_be_visible()
    item = desk.item(words)
    item.get_by_text("The thread around it").click()
    expect(item.get_by_text("So it began.")).to_be_visible()

    item.locator("summary", has_text="Remove").click()
    item.get_by_label("Reason").fill("It is off topic.")
    item.get_by_role("button", name="Remove", exact=True).click()
    expect(desk.page.get_by_role("status")).to_contain_text("Removed: 1 comment.")
    desk.expect_under_article(words, is_seen=False)
    desk.open(f"{QUEUE}?tab=removed")
    expect(desk.item(words)).to_contain_text("It is off topic.")
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= way[0]


@pytest.mark.parametrize("way", [WAYS[1], WAYS[3]])
def test_several_are_decided_at_once(
    make_desk: Callable[..., Desk], way: tuple[int, bool]
) -> None:
    desk = make_desk(way=way)
    several = [f"Buy {n} of {desk.slug}!" for n in range(2)]
    for words in several:
        desk.say(words)

    desk.open()
    for words in several:
        desk.item(words).get_by_role("checkbox").check()
    bulk = desk.page.locator("#queue-bulk")
    bulk.get_by_label("Reason").press("Enter")
    expect(desk.page.get_by_role("status")).to_have_count(0)
    bulk.get_by_role("button", name="Spam").click()

    done = desk.page.get_by_role("status")
    expect(done).to_contain_text("Marked as spam: 2 comments.")
    done.get_by_role("button", name="Undo").click()
    for words in several:
        expect(desk.item(words)).to_have_count(1)


def go_down_to(desk: Desk, item: Locator) -> None:
    """By key, however many wait above it."""
    for _ in range(desk.page.locator("[data-queue-item]").count() + 1):
        if item.evaluate("one => one === document.activeElement"):
            return
        desk.page.keyboard.press("j")
    expect(item).to_be_focused()


def test_keys_do_what_the_buttons_do(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk()
    first, second = f"First in {desk.slug}", f"Second in {desk.slug}"
    for words in (first, second):
        desk.say(words)
    desk.open()
    keys = desk.page.keyboard

    keys.press("?")
    expect(desk.page.get_by_text("next, previous")).to_be_visible()
    go_down_to(desk, desk.item(second))
    keys.press("k")
    expect(desk.item(first)).to_be_focused()

    keys.press("r")
    keys.type("a spam ruse, said jack")
    expect(desk.item(first).get_by_label("Reason")).to_have_value(
        "a spam ruse, said jack"
    )
    keys.press("Enter")
    done = desk.page.get_by_role("status")
    expect(done).to_contain_text("Removed: 1 comment.")
    expect(desk.item(second)).to_be_focused()

    keys.press("u")
    expect(desk.page.get_by_text("Taken back.")).to_be_visible()
    expect(desk.item(first)).to_be_focused()
    keys.press("s")
    expect(done).to_contain_text("Marked as spam: 1 comment.")
    keys.press("a")
    expect(done).to_contain_text("Approved: 1 comment.")
    desk.expect_under_article(second, is_seen=True)
    desk.expect_under_article(first, is_seen=False)


def test_keys_can_be_switched_off_for_good(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk()
    words = f"Left alone in {desk.slug}"
    desk.say(words)
    desk.open()
    desk.page.keyboard.press("?")
    desk.page.get_by_label("Listen to these keys").uncheck()
    desk.open()

    desk.item(words).focus()
    desk.page.keyboard.press("a")

    desk.open()
    expect(desk.item(words)).to_have_count(1)


@pytest.mark.parametrize("way", WAYS)
def test_author_hides_and_shows_again(
    make_desk: Callable[..., Desk], way: tuple[int, bool]
) -> None:
    desk = make_desk("author", way)
    words = f"Rather rude, {desk.slug}"
    public_id = desk.say(words, is_waiting=False)

    desk.open(f"/comments/{public_id}/options/")
    desk.page.get_by_role("link", name="Hide").click()
    desk.page.get_by_role("button", name="Hide").click()
    expect(desk.page.locator(".comment__body", has_text="So it began.")).to_be_visible()
    desk.expect_under_article(words, is_seen=False)

    desk.open(QUEUE)
    desk.page.get_by_role("link", name="Hidden").click()
    desk.item(words).get_by_role("button", name="Restore").click()
    expect(desk.page.get_by_role("status")).to_contain_text("Restored: 1 comment.")
    desk.expect_under_article(words, is_seen=True)


@pytest.mark.parametrize("way", [WAYS[1], WAYS[2]])
def test_locked_thread_gives_the_reply_back(
    make_desk: Callable[..., Desk], way: tuple[int, bool]
) -> None:
    desk = make_desk(way=way)
    public_id = desk.say(f"A spark in {desk.slug}.", is_waiting=False)
    reply = desk.page.context.new_page()
    reply.goto(f"/posts/{desk.slug}/comments/new/?parent={public_id}")
    reply.locator("[name=body]").fill("Fuel for the fire.")

    desk.open(f"/comments/{public_id}/options/")
    desk.page.get_by_role("link", name="Lock the thread").click()
    desk.page.get_by_role("button", name="Lock the thread").click()
    desk.page.wait_for_url(re.compile(rf"/posts/{desk.slug}/"))
    reply.get_by_role("button", name="Publish reply").click()

    expect(reply.locator("main, form").first).to_contain_text("This thread is locked.")
    assert "Fuel for the fire." in reply.locator("textarea").first.input_value()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_pages_fit(
    make_desk: Callable[..., Desk], width: int, scheme: str
) -> None:
    desk = make_desk(way=(width, True))
    desk.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    desk.say(f"Code of {desk.slug} before it:\n\n    {'y' * 200}", is_waiting=False)
    waiting = desk.say(f"Look at this code of {desk.slug}:\n\n    {'x' * 200}")
    found: list[str] = []

    desk.open()
    for summary in desk.page.locator(f"#comment-{waiting} summary").all():
        summary.click()
    found += noticed(desk.page, width)
    desk.page.locator(f"#comment-{waiting}").get_by_role("button", name="Spam").click()
    expect(desk.page.get_by_role("status")).to_be_visible()
    found += noticed(desk.page, width)
    for address in (
        f"{QUEUE}?tab=spam",
        f"{QUEUE}?tab=removed",
        "/admin/comments/moderationentry/",
        f"/comments/{waiting}/options/",
        f"/comments/{waiting}/remove/",
        f"/comments/{waiting}/lock/",
    ):
        desk.open(address)
        found += noticed(desk.page, width)

    assert found == []


def noticed(page: Page, width: int) -> list[str]:
    violations = Axe().run(page).response["violations"]
    found = [
        f"{page.url} {it['id']} {json.dumps([n['html'] for n in it['nodes']])[:300]}"
        for it in violations
    ]
    if page.evaluate("document.documentElement.scrollWidth") > width:
        found.append(f"{page.url} scrolls sideways")
    return found
