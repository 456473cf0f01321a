"""The sides of a question in another order, and the pages of the desk around it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Site
from tests.browser.writer import sign_in

pytestmark = pytest.mark.browser

WAYS = [
    pytest.param(390, True, id="phone"),
    pytest.param(1280, True, id="desk"),
    pytest.param(390, False, id="phone-without-javascript"),
    pytest.param(1280, False, id="desk-without-javascript"),
]
OWNER = """
from tests import factories
factories.make_owner(handle="ordering", email="ordering@example.org")
"""
CONTENT = """
from accounts.models import User
from blog import services
from tests import factories
owner = User.objects.get(handle="ordering")
sides = ["Tea", "Coffee", "Water"]
fields = {"author": owner, "title": "Drinks in order"}
post = factories.make_post(**fields)
factories.make_question(post, sides=sides, text="What do you drink?")
factories.take_side(post, "tea")
services.save_post(post, editor=owner)
draft = factories.make_post(published_at=None, **fields)
factories.make_question(draft, sides=sides, text="What do you drink?")
link = services.create_preview_link(draft, user=owner)
from uuid import uuid4
comment = factories.make_guest_comment(post, key=uuid4().hex)
print(post.pk, post.slug, link.token, comment.public_id)
"""


@pytest.fixture(scope="module")
def owned(site: Site) -> Site:
    site.manage("shell", "-v0", "-c", OWNER)
    return site


@pytest.fixture
def content(owned: Site) -> list[str]:
    """Number and slug of an article, the token of a draft's, the id of a comment."""
    return owned.manage("shell", "-v0", "-c", CONTENT).split()


def open_desk(new_page: Callable[..., Page], pk: str, **options: Any) -> Page:
    page = new_page(**options)
    page.emulate_media(reduced_motion="reduce")
    page.goto("/admin/")
    sign_in(page, "ordering")
    page.goto(f"/admin/blog/post/{pk}/change/")
    return page


def labels(page: Page) -> list[str]:
    fields = page.locator('.desk-question__side input[name$="-label"]')
    return [field.input_value() for field in fields.all() if field.input_value()]


def mover(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


@pytest.mark.parametrize(("width", "has_javascript"), WAYS)
def test_author_puts_a_side_first(
    new_page: Callable[..., Page],
    content: list[str],
    width: int,
    has_javascript: bool,
) -> None:
    pk, slug, *_ = content
    page = open_desk(new_page, pk, width=width, has_javascript=has_javascript)

    if has_javascript:
        mover(page, "Move side 3 up").click()
        mover(page, "Move side 2 up").click()
    else:
        page.get_by_label("Place of side 3").fill("1")
    page.get_by_role("button", name="Save and publish changes").click()

    expect(page.get_by_text("Saved and public.")).to_be_visible()
    assert labels(page) == ["Water", "Tea", "Coffee"]
    row = page.locator(".desk-question__stands tr", has_text="Tea")
    expect(row.locator("td").first).to_have_text("1")
    readers = new_page(width=width, has_javascript=has_javascript)
    for _ in range(20):
        readers.goto(f"/posts/{slug}/")
        shown = readers.locator("#question .question__name").all_inner_texts()
        if shown == ["Water", "Tea", "Coffee"]:
            break
        readers.wait_for_timeout(250)
    assert shown == ["Water", "Tea", "Coffee"]


def test_sides_move_by_keyboard_and_it_is_said(
    new_page: Callable[..., Page], content: list[str]
) -> None:
    page = open_desk(new_page, content[0])
    expect(mover(page, "Move side 1 up")).to_be_disabled()
    expect(mover(page, "Move side 6 down")).to_be_disabled()
    expect(page.get_by_label("Place of side 1")).to_be_hidden()

    mover(page, "Move side 2 up").focus()
    page.keyboard.press("Enter")

    assert labels(page) == ["Coffee", "Tea", "Water"]
    expect(page.locator("[data-moved]")).to_contain_text("Coffee is number 1 now")
    expect(mover(page, "Move side 1 down")).to_be_focused()
    expect(page.get_by_label("Side 1", exact=True)).to_have_value("Coffee")
    expect(page.get_by_label("Color of side 1")).to_have_value("orange")
    page.keyboard.press("Space")
    assert labels(page) == ["Tea", "Coffee", "Water"]


def test_order_that_was_wished_comes_back_with_what_is_wrong(
    new_page: Callable[..., Page], content: list[str]
) -> None:
    page = open_desk(new_page, content[0])
    mover(page, "Move side 1 down").click()
    mover(page, "Move side 2 down").click()
    page.get_by_label("Side 1", exact=True).fill("Water")

    page.get_by_role("button", name="Save and publish changes").click()

    expect(page.locator(".desk-question .errorlist")).to_contain_text("has this label")
    assert labels(page) == ["Water", "Water", "Tea"]
    page.get_by_label("Side 1", exact=True).fill("Coffee")
    page.get_by_role("button", name="Save and publish changes").click()
    expect(page.get_by_text("Saved and public.")).to_be_visible()
    assert labels(page) == ["Coffee", "Water", "Tea"]


def test_preview_beside_the_text_follows_the_question(
    new_page: Callable[..., Page], content: list[str]
) -> None:
    page = open_desk(new_page, content[0])
    page.get_by_role("button", name="Preview").click()
    question = page.frame_locator("iframe[title=Preview]").locator("#question")
    names = question.locator(".question__name")
    expect(names).to_have_text(["Tea", "Coffee", "Water"])

    page.get_by_label("Question", exact=True).fill("Which cup?")
    mover(page, "Move side 3 up").click()

    expect(question.get_by_role("heading", name="Which cup?")).to_be_visible()
    expect(names).to_have_text(["Tea", "Water", "Coffee"])


@pytest.mark.parametrize("has_javascript", [True, False])
def test_preview_of_a_draft_shows_a_question_that_takes_no_vote(
    new_page: Callable[..., Page], content: list[str], has_javascript: bool
) -> None:
    page = new_page(has_javascript=has_javascript)

    page.goto(f"/preview/{content[2]}/")

    question = page.locator("#question")
    expect(question.get_by_role("heading", name="What do you drink?")).to_be_visible()
    expect(question.locator(".question__name")).to_have_text(["Tea", "Coffee", "Water"])
    assert question.locator("a, button, input").count() == 0
    question.get_by_text("Tea", exact=True).click()
    expect(page).to_have_url(f"/preview/{content[2]}/")


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    new_page: Callable[..., Page], content: list[str], width: int
) -> None:
    pk, _, token, comment = content
    page = open_desk(new_page, pk, width=width)
    found: list[str] = []

    for path in [
        f"/admin/blog/post/{pk}/change/",
        f"/admin/blog/post/{pk}/history/",
        f"/admin/blog/post/{pk}/history/1/",
        "/admin/blog/post/add/",
        f"/preview/{token}/",
        f"/comments/{comment}/options/",
    ]:
        for scheme in ("light", "dark"):
            dark = scheme == "dark"
            page.emulate_media(
                color_scheme="dark" if dark else "light", reduced_motion="reduce"
            )
            page.goto(path, wait_until="networkidle")
            unfold = "all => all.forEach(details => { details.open = true; })"
            page.locator("details").evaluate_all(unfold)
            found += complaints(page, f"{path} {scheme}")
    page.goto(f"/admin/blog/post/{pk}/change/")
    page.get_by_label("Side 2", exact=True).fill("Tea")
    page.get_by_role("button", name="Save and publish changes").click()
    expect(page.get_by_role("alert")).to_be_visible()
    found += complaints(page, "what is wrong")

    assert found == []


def complaints(page: Page, where: str) -> list[str]:
    found = []
    root = page.locator("html")
    if root.evaluate("html => html.scrollWidth - html.clientWidth") > 0:
        found.append(f"{where} is too wide")
    for violation in Axe().run(page).response["violations"]:
        nodes = [node["html"] for node in violation["nodes"]]
        found.append(f"{where} {violation['id']} {json.dumps(nodes)[:300]}")
    return found
