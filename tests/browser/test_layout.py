"""Where the parts of the conversation stand, at the width of a phone and of a desk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.browser.conftest import Site

pytestmark = pytest.mark.browser

NAME = "Maximiliane Wolkenstein-Hohenlohe-Langenburg"
TALK = """
from blog.models import Post
from reactions.models import Reaction, ReactionKind
from reactions.services import recount_comment
from tests import factories
post = Post.objects.get(slug="measures")
writer = factories.make_user(
    handle="maximiliane_wolkenstein", email="mw@example.org", display_name={name!r}
)
comment = factories.make_comment(post, author=writer, body="Inch or centimetre?")
love = ReactionKind.objects.get(slug="love")
Reaction.objects.create(kind=love, user=factories.make_user(), comment=comment)
recount_comment(comment)
factories.make_question(
    post, text="How do you measure?", sides=["Inch", "Whatever the ruler has"]
)
factories.take_side(post, "inch")
"""
PATH = "/posts/measures/"


@pytest.fixture(scope="module", autouse=True)
def talk(site: Site, tmp_path_factory: pytest.TempPathFactory) -> None:
    """An article with a question and a comment by somebody whose name is long."""
    site.make_owner("surveyor")
    file: Path = tmp_path_factory.mktemp("layout") / "measures.md"
    text = "---\ntitle: Measures\nslug: measures\n---\nTake a ruler.\n"
    site.publish(file, text, author="surveyor")
    site.manage("shell", "-v0", "-c", TALK.format(name=NAME))


def box(found: Locator) -> FloatRect:
    rect = found.bounding_box()
    assert rect, found
    return rect


def middle(found: Locator) -> float:
    rect = box(found)
    return rect["y"] + rect["height"] / 2


@pytest.mark.parametrize("width", [320, 1280])
def test_long_name_and_date_stand_beside_the_picture(
    new_page: Callable[..., Page], width: int
) -> None:
    page = new_page(width=width)
    page.goto(PATH)
    byline = page.locator(".comment__byline")
    picture = box(byline.locator(".avatar"))

    for part in (".p-name", ".comment__handle", ".comment__date"):
        assert box(byline.locator(part))["x"] > picture["x"] + picture["width"], part
    assert box(byline.locator(".p-name"))["y"] < picture["y"] + picture["height"]


def test_reactions_of_nobody_are_told_without_a_number_to_see(
    new_page: Callable[..., Page],
) -> None:
    page = new_page()
    page.goto(PATH)
    row = page.locator(".comment .reactions")

    assert box(row.locator('[data-kind="love"] data'))["width"] > 4
    assert box(row.locator('[data-kind="strong"] data'))["width"] <= 1
    expect(row.get_by_role("link", name="Strong: 0")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_guest_says_name_and_address_side_by_side_where_there_is_room(
    new_page: Callable[..., Page], width: int
) -> None:
    page = new_page(width=width)
    page.goto(PATH)
    page.get_by_role("link", name="Write a comment").click()
    name, email = page.get_by_label("Your name"), page.get_by_label("e-mail address")
    expect(name).to_be_visible()

    if width == 390:
        assert box(email)["y"] > box(name)["y"] + box(name)["height"]
    else:
        assert box(email)["y"] == box(name)["y"]
        assert box(email)["x"] > box(name)["x"] + box(name)["width"]


@pytest.mark.parametrize("width", [320, 1280])
def test_share_of_a_side_stands_on_the_line_of_its_name(
    new_page: Callable[..., Page], width: int
) -> None:
    page = new_page(width=width)
    page.goto(PATH)

    for side in page.locator(".question__side").all():
        label, bar = side.locator(".question__label"), side.locator(".stand__bar")
        share, who = side.locator(".stand__share"), side.locator(".stand__who")
        assert abs(middle(share) - middle(label)) < 4
        assert box(label)["x"] + box(label)["width"] < box(share)["x"]
        assert middle(label) < middle(bar) < middle(who)
        end = box(bar)["x"] + box(bar)["width"]
        assert box(share)["x"] + box(share)["width"] == pytest.approx(end, abs=1)


def test_conversation_stands_apart_from_the_question(
    new_page: Callable[..., Page],
) -> None:
    page = new_page(width=390)
    page.goto(f"{PATH}comments/")
    question, title = page.locator(".question"), page.locator("#comments-title")
    orders = page.get_by_role("navigation", name="Order")

    assert box(title)["y"] - box(question)["y"] - box(question)["height"] > 24
    assert box(orders)["x"] == pytest.approx(box(title)["x"], abs=1)
    for link in orders.get_by_role("link").all():
        assert box(link)["height"] >= 32


@pytest.mark.parametrize("has_javascript", [True, False])
def test_head_of_a_conversation_leads_to_where_one_joins_in(
    new_page: Callable[..., Page], *, has_javascript: bool
) -> None:
    page = new_page(width=390, has_javascript=has_javascript)
    page.goto(PATH)

    page.get_by_role("link", name="Join in").press("Enter")
    expect(page.get_by_role("link", name="Write a comment")).to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Write a comment")).to_be_focused()
