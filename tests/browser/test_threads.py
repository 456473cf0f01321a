"""Reading a long conversation: the rest of a thread, folding, permalinks."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site

pytestmark = pytest.mark.browser

MAKE = """
import json, sys
from blog.models import Post
from comments import synthetic
from comments.models import Comment
(pk,) = synthetic.populate(1, 251, starts=0, progress=lambda done, what: None)
thread = Comment.objects.filter(post=pk)
replies = thread.exclude(thread=None).in_thread_order()
sys.stdout.write(json.dumps({
    "path": Post.objects.get(pk=pk).get_absolute_url(),
    "start": thread.get(thread=None).public_id,
    "replies": [one.public_id for one in replies],
}))
"""


@dataclass(frozen=True)
class LongThread:
    path: str
    start: str
    replies: list[str]


@pytest.fixture(scope="module")
def thread(site: Site) -> LongThread:
    return LongThread(**json.loads(site.manage("shell", "--no-imports", "-c", MAKE)))


def test_more_replies_come_where_one_reads(
    thread: LongThread, new_page: Callable[..., Page]
) -> None:
    page = new_page(width=390)
    page.goto(thread.path)
    replies = page.locator(".thread__replies .comment")
    more = page.get_by_role("link", name="More replies")
    expect(replies).to_have_count(3)
    count = page.locator("summary [data-count]")
    expect(count).to_have_text("The first 3 replies")

    for shown, before, said in [(100, 3, 97), (200, 100, 100), (250, 200, 50)]:
        more.click()

        expect(replies).to_have_count(shown)
        expect(page.locator("#announcer")).to_have_text(f"{said} more replies.")
        if shown < 250:
            expect(count).to_have_text(f"The first {shown} replies")
        expect(page.locator(f"#comment-{thread.replies[before]}")).to_be_focused()
    expect(more).to_have_count(0)
    expect(count).to_have_text("250 replies")
    ids = replies.evaluate_all("all => all.map(one => one.dataset.comment)")
    assert ids == thread.replies
    assert page.url.endswith(thread.path)


def test_more_replies_are_a_page_without_javascript(
    thread: LongThread, new_page: Callable[..., Page]
) -> None:
    page = new_page(has_javascript=False)
    page.goto(thread.path)

    page.get_by_role("link", name="More replies").click()
    page.get_by_role("link", name="Next page").click()

    expect(page.locator(f"#comment-{thread.start}")).to_be_visible()
    expect(page.locator(".thread__replies .comment")).to_have_count(100)
    page.get_by_role("link", name="Previous page").click()
    expect(page.locator(f"#comment-{thread.replies[99]}")).to_be_visible()


@pytest.mark.parametrize("has_javascript", [True, False])
def test_replies_fold_by_keyboard(
    thread: LongThread, new_page: Callable[..., Page], has_javascript: bool
) -> None:
    page = new_page(has_javascript=has_javascript)
    page.goto(thread.path)
    first = page.locator(f"#comment-{thread.replies[0]}")
    expect(first).to_be_visible()

    page.locator("summary.thread__summary").focus()
    page.keyboard.press("Enter")
    expect(first).to_be_hidden()

    page.keyboard.press("Space")
    expect(first).to_be_visible()


@pytest.mark.parametrize("place", [1, 60, 230])
def test_permalink_leads_to_the_comment_and_marks_it(
    thread: LongThread, new_page: Callable[..., Page], place: int
) -> None:
    page = new_page(width=390)

    page.goto(f"/comments/{thread.replies[place]}/")

    comment = page.locator(f"#comment-{thread.replies[place]}")
    expect(comment).to_be_in_viewport()
    background = "body => getComputedStyle(body).backgroundColor"
    marked = comment.locator(".comment__body").evaluate(background)
    other = page.locator(f"#comment-{thread.start} .comment__body").evaluate(background)
    assert marked != other


def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    thread: LongThread, new_page: Callable[..., Page]
) -> None:
    found: list[str] = []
    for width in (320, 1280):
        page = new_page(width=width)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.goto(f"{thread.path}comments/?thread={thread.start}")
            wide = page.locator("html").evaluate(
                "html => html.scrollWidth - html.clientWidth"
            )
            if wide > 0:
                found.append(f"{wide} px too wide at {width}")
            found += [
                f"{one['id']} {one['nodes'][0]['html'][:200]}"
                for one in Axe().run(page).response["violations"]
            ]

    assert found == []
