"""The side that is chosen beside a comment is kept with its words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.conftest import Site
from tests.browser.writer import Writer, sign_in

pytestmark = pytest.mark.browser

ASK = """
from blog.models import Post
from comments import opinions
sides = [opinions.SideWish("Tea", "green"), opinions.SideWish("Coffee", "orange")]
for post in Post.objects.filter(slug__startswith="cup-"):
    opinions.save_question(post, text="Tea or coffee?", sides=sides, results="always")
"""


@pytest.fixture(scope="module")
def cookies(browser: Browser, site: Site) -> list[Any]:
    site.make_owner("barista")
    with browser.new_context(base_url=site.url) as context:
        page = context.new_page()
        page.goto("/accounts/login/")
        sign_in(page, "barista")
        return list(context.cookies())


@pytest.fixture(scope="module")
def paths(
    site: Site, cookies: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("cups")
    for n in range(4):
        (folder / f"{n}.md").write_text(f"---\ntitle: Cup {n}\n---\nWords {n}.\n")
    options = ("--author", "barista", "--publish")
    printed = site.manage("import_posts", str(folder), *options)
    site.manage("shell", "-v0", "-c", ASK)
    return iter(re.findall(r"/posts/cup-\d+/", printed))


@pytest.fixture
def writer(
    paths: Iterator[str], cookies: list[Any], new_page: Callable[..., Page]
) -> Writer:
    page = new_page()
    page.context.add_cookies(cookies)
    return Writer(page, next(paths), "barista")


def side(writer: Writer, name: str) -> Locator:
    return writer.page.get_by_role("radio", name=name, exact=True)


def lose_answer(route: Route) -> None:
    route.fetch()
    route.abort()


def choose(writer: Writer, name: str) -> None:
    """Until it is kept."""
    side(writer, name).check()
    writer.page.wait_for_function(
        "slug => Object.values(localStorage).some(t => JSON.parse(t).side === slug)",
        arg=name.lower(),
    )


@pytest.mark.parametrize("own_page", ["", "comments/new/"], ids=["panel", "page"])
def test_side_comes_back_with_the_words_and_goes_when_published(
    writer: Writer, own_page: str
) -> None:
    path = own_page and writer.path + own_page
    writer.open(path)
    writer.type("With milk")
    choose(writer, "Coffee")

    writer.page.reload()
    writer.expect_kept("With milk", path)
    expect(side(writer, "Coffee")).to_be_checked()
    writer.publish()

    comment = writer.comment("With milk")
    expect(comment.locator(".comment__side")).to_contain_text("Coffee")
    writer.expect_gone(path)
    expect(side(writer, "No side")).to_be_checked()
    assert "coffee" not in writer.page.evaluate(
        "JSON.stringify(Object.values(localStorage))"
    )


def test_thrown_away_it_leaves_the_side_that_the_form_began_with(
    writer: Writer,
) -> None:
    writer.open()
    writer.type("Green")
    choose(writer, "Tea")
    writer.expect_kept("Green")

    writer.page.get_by_role("button", name="Throw it away").click()

    expect(side(writer, "No side")).to_be_checked()
    writer.expect_gone()


def test_other_side_after_a_lost_answer_is_what_was_meant(writer: Writer) -> None:
    writer.open()
    writer.body.fill("Two sugars")
    side(writer, "Tea").check()
    writer.on_post(lose_answer)
    writer.publish()
    writer.refused("could not be reached", "Two sugars")
    writer.page.unroute_all()

    side(writer, "Coffee").check()
    writer.publish()

    newest = writer.page.locator(".comment__side").last
    expect(newest).to_contain_text("Coffee")
