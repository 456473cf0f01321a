from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import PASSWORD, Site

pytestmark = pytest.mark.browser

WAYS = [
    pytest.param(390, True, id="phone"),
    pytest.param(1280, True, id="desk"),
    pytest.param(390, False, id="phone-without-javascript"),
    pytest.param(1280, False, id="desk-without-javascript"),
]
ASK = """
from blog.models import Post
from comments import opinions
sides = [opinions.SideWish("Tea", "green"), opinions.SideWish("Coffee", "orange")]
opinions.save_question(
    Post.objects.get(slug="{slug}"), text="Tea or coffee?", sides=sides,
    results="{results}",
)
"""
CLOSE = """
from blog.models import Post
from comments import opinions
opinions.close_question(Post.objects.get(slug="{slug}"))
"""
numbers = count(1)


@pytest.fixture(scope="module")
def make_article(
    site: Site, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], str]:
    """The slug of a new article of the owner's."""
    site.make_owner("asker")
    folder: Path = tmp_path_factory.mktemp("questions")

    def make() -> str:
        n = next(numbers)
        text = f"---\ntitle: Drinks {n}\nslug: drinks-{n}\n---\nWhat do you drink?\n"
        site.publish(folder / f"drinks-{n}.md", text, author="asker")
        return f"drinks-{n}"

    return make


@pytest.fixture(scope="module")
def owner_cookies(
    site: Site, browser: Browser, make_article: Callable[[], str]
) -> list[Any]:
    with browser.new_context(base_url=site.url) as context:
        page = context.new_page()
        page.goto("/admin/")
        page.get_by_label("E-mail address").fill("asker@example.org")
        page.get_by_label("Password").fill(PASSWORD)
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url("**/admin/")
        return list(context.cookies())


@pytest.fixture
def asked(site: Site, make_article: Callable[[], str]) -> Callable[..., str]:
    """The address of an article that asks "Tea or coffee?"."""

    def ask(results: str = "always") -> str:
        slug = make_article()
        site.manage("shell", "-v0", "-c", ASK.format(slug=slug, results=results))
        return f"/posts/{slug}/"

    return ask


def side(page: Page, name: str) -> Locator:
    return page.locator("#question .question__take", has_text=name)


def take(page: Page, name: str, *, has_javascript: bool) -> None:
    if "/side/" not in page.url:
        side(page, name).click()
    if has_javascript:
        expect(page.locator("[data-said]")).to_contain_text(name)
        return
    page.get_by_label(name).check()
    page.locator(".side-form button[type=submit]").click()
    expect(page).to_have_url(re.compile(r"/posts/drinks-\d+/\?after=\d+#question$"))


def stands(page: Page) -> list[str]:
    return [
        re.sub(r"\s+", " ", words).strip()
        for words in page.locator(".stand__said").all_inner_texts()
    ]


TEA = ["100 % 1 vote 0 members, 1 visitor", "0 % 0 votes 0 members, 0 visitors"]
COFFEE = ["0 % 0 votes 0 members, 0 visitors", "100 % 1 vote 0 members, 1 visitor"]
NONE = ["0 % 0 votes 0 members, 0 visitors"] * 2


@pytest.mark.parametrize(("width", "has_javascript"), WAYS)
def test_visitor_takes_a_side_and_another(
    new_page: Callable[..., Page],
    asked: Callable[..., str],
    width: int,
    has_javascript: bool,
) -> None:
    page = new_page(width=width, has_javascript=has_javascript)
    path = asked()
    page.goto(path)
    assert stands(page) == NONE

    take(page, "Tea", has_javascript=has_javascript)
    assert stands(page) == TEA
    take(page, "Coffee", has_javascript=has_javascript)
    assert stands(page) == COFFEE

    see(page, path, COFFEE[1])
    assert stands(page) == COFFEE
    if has_javascript:
        expect(side(page, "Coffee")).to_have_attribute("aria-pressed", "true")
        expect(side(page, "Tea")).to_have_attribute("aria-pressed", "false")


def test_pressed_again_it_is_taken_back(
    new_page: Callable[..., Page], asked: Callable[..., str]
) -> None:
    page = new_page(width=390)
    page.goto(asked())

    take(page, "Tea", has_javascript=True)
    side(page, "Tea").press("Space")

    expect(page.locator("[data-said]")).to_have_text("You took back your side.")
    expect(side(page, "Tea")).to_have_attribute("aria-pressed", "false")
    expect(side(page, "Tea")).to_be_focused()
    assert stands(page) == NONE


def test_page_of_the_vote_chooses_nothing_by_itself(
    new_page: Callable[..., Page], asked: Callable[..., str]
) -> None:
    page = new_page(width=390, has_javascript=False)
    path = asked()
    page.goto(f"{path}side/")
    expect(page.get_by_role("radio")).to_have_count(2)
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)

    page.get_by_role("button", name="Take this side").click()
    expect(page).to_have_url(re.compile(f"{path}side/$"))
    take(page, "Tea", has_javascript=False)
    page.goto(f"{path}side/")
    expect(page.get_by_role("radio", name="Tea")).to_be_checked()
    page.get_by_label("None: take my vote back").check()
    page.get_by_role("button", name="Change your side").click()

    expect(page).to_have_url(re.compile("#question$"))
    assert stands(page) == NONE


def test_bar_is_drawn_as_the_page_draws_it(
    new_page: Callable[..., Page], asked: Callable[..., str]
) -> None:
    page = new_page()
    path = asked()
    page.goto(path)

    take(page, "Tea", has_javascript=True)
    drawn = page.locator(".question__sides").inner_html()
    see(page, path, TEA[0])
    made = page.locator(".question__sides").inner_html()

    def bars(html: str) -> list[str]:
        return sorted(re.findall(r"[xy][12]=\"[^\"]*\"", html.replace(".00%", "%")))

    assert bars(drawn) == bars(made)
    assert 'class="side-count" data-side="tea" value="1"' in drawn


@pytest.mark.parametrize(("width", "has_javascript"), WAYS)
def test_results_after_voting_come_to_who_voted(
    new_page: Callable[..., Page],
    asked: Callable[..., str],
    width: int,
    has_javascript: bool,
) -> None:
    page = new_page(width=width, has_javascript=has_javascript)
    path = asked("voted")
    page.goto(path)
    assert stands(page) == []

    take(page, "Tea", has_javascript=has_javascript)
    if not has_javascript:
        page.get_by_role("link", name="see how opinion stands").click()
    expect(page.locator(".stand__said")).to_have_count(2)
    assert stands(page) == TEA

    page.goto(path)
    expect(page.locator(".stand__said")).to_have_count(2 if has_javascript else 0)


@pytest.mark.parametrize("has_javascript", [True, False])
def test_question_that_was_closed_meanwhile_says_so(
    new_page: Callable[..., Page],
    asked: Callable[..., str],
    site: Site,
    has_javascript: bool,
) -> None:
    page = new_page(width=390, has_javascript=has_javascript)
    path = asked()
    page.goto(path)
    if not has_javascript:
        side(page, "Tea").click()
        page.get_by_label("Tea").check()
    slug = path.split("/")[2]
    site.manage("shell", "-v0", "-c", CLOSE.format(slug=slug))

    if has_javascript:
        side(page, "Tea").click()
        expect(page.locator("[data-said]")).to_contain_text("was closed on")
    else:
        page.locator(".side-form button[type=submit]").click()
        expect(page.locator("main")).to_contain_text("was closed on")
    see(page, path, "Closed on")
    assert page.locator("#question a[data-act]").count() == 0


@pytest.mark.parametrize(("width", "has_javascript"), WAYS)
def test_author_asks_and_closes_at_the_desk(
    new_page: Callable[..., Page],
    make_article: Callable[[], str],
    owner_cookies: list[Any],
    width: int,
    has_javascript: bool,
) -> None:
    page = new_page(width=width, has_javascript=has_javascript)
    page.context.add_cookies(owner_cookies)
    page.emulate_media(reduced_motion="reduce")
    slug = make_article()
    page.goto(f"/admin/blog/post/?q={slug}")
    page.locator("#result_list tbody th a").first.click()

    page.locator(".desk-question summary").click()
    page.get_by_label("Question", exact=True).fill("Tea or coffee?")
    page.get_by_label("Side 1", exact=True).fill("Tea")
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("Side 2")
    page.get_by_label("Side 2", exact=True).fill("Coffee")
    page.get_by_label("Color of side 2").select_option("red")
    save(page)
    see(page, f"/posts/{slug}/", "Tea or coffee?")
    take(page, "Coffee", has_javascript=has_javascript)

    page.goto(f"/admin/blog/post/?q={slug}")
    page.locator("#result_list tbody th a").first.click()
    row = page.locator(".desk-question__stands tr", has_text="Coffee")
    expect(row).to_have_text(re.compile(r"Coffee\s*1\s*1\s*0\s*100 %"))
    page.get_by_label("Closed").check()
    save(page)
    expect(page.locator(".desk-question")).to_contain_text("Closed on")
    see(page, f"/posts/{slug}/", "Closed on")


def see(page: Page, path: str, words: str) -> None:
    """What others did is on the page about a second later."""
    question = page.locator("#question")
    for _ in range(20):
        page.goto(path)
        if words in " ".join((question.text_content() or "").split()):
            break
        page.wait_for_timeout(250)
    expect(question).to_contain_text(words)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save and publish changes").first.click()


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    new_page: Callable[..., Page],
    asked: Callable[..., str],
    owner_cookies: list[Any],
    width: int,
) -> None:
    page = new_page(width=width)
    page.context.add_cookies(owner_cookies)
    open_path, hidden_path = asked(), asked("voted")
    page.goto(hidden_path)
    take(page, "Coffee", has_javascript=True)
    page.goto(f"/admin/blog/post/?q={hidden_path.split('/')[2]}")
    desk = page.locator("#result_list tbody th a").first.get_attribute("href")
    found: list[str] = []

    for path in [
        open_path,
        f"{open_path}comments/",
        f"{open_path}side/",
        hidden_path,
        f"{hidden_path}side/",
        str(desk),
    ]:
        for scheme in ("light", "dark"):
            page.emulate_media(
                color_scheme="dark" if scheme == "dark" else "light",
                reduced_motion="reduce",
            )
            page.goto(path, wait_until="networkidle")
            root = page.locator("html")
            if root.evaluate("html => html.scrollWidth - html.clientWidth") > 0:
                found.append(f"{path} is too wide")
            for violation in Axe().run(page).response["violations"]:
                nodes = [node["html"] for node in violation["nodes"]]
                found.append(f"{path} {violation['id']} {json.dumps(nodes)[:300]}")

    assert found == []
