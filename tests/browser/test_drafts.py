from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import Site
from tests.browser.writer import ADDRESS, Writer, sign_in

pytestmark = pytest.mark.browser

UNREACHABLE = "The blog could not be reached. Your text is still here."
BROKEN = {
    "forbidden": """
        Object.defineProperty(window, "localStorage", {
            get() { throw new DOMException("no", "SecurityError"); },
        });
    """,
    "full": """
        Storage.prototype.setItem = () => {
            throw new DOMException("full", "QuotaExceededError");
        };
    """,
    "damaged": """
        const texts = ["{", "7", "[]", "null", '{"at": 1e99, "body": "x"}'];
        for (let n = 0; n < 200; n += 1) {
            localStorage.setItem(`byline-draft-${n}`, texts[n % texts.length]);
        }
    """,
}


def cookies_of(browser: Browser, site: Site, handle: str) -> list[Any]:
    site.make_owner(handle)
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    page.goto("/accounts/login/")
    sign_in(page, handle)
    cookies = context.cookies()
    context.close()
    return list(cookies)


@pytest.fixture(scope="module")
def accounts(browser: Browser, site: Site) -> Iterator[tuple[str, list[Any]]]:
    """In turn, so that nobody writes too much in a minute."""
    handles = [f"writer{n}" for n in range(4)]
    return cycle([(handle, cookies_of(browser, site, handle)) for handle in handles])


@pytest.fixture(scope="module")
def paths(
    site: Site, accounts: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("drafts")
    for n in range(40):
        (folder / f"{n}.md").write_text(f"---\ntitle: Draft {n}\n---\nWords {n}.\n")
    options = ("--author", "writer0", "--publish")
    printed = site.manage("import_posts", str(folder), *options)
    return iter(re.findall(r"/posts/draft-\d+/", printed))


@pytest.fixture
def writer(
    paths: Iterator[str],
    accounts: Iterator[tuple[str, list[Any]]],
    new_page: Callable[..., Page],
) -> Writer:
    handle, cookies = next(accounts)
    page = new_page()
    page.context.add_cookies(cookies)
    return Writer(page, next(paths), handle)


def lose_answer(route: Route) -> None:
    route.fetch()
    route.abort()


def is_away(route: Route) -> None:
    said = {"errors": {"__all__": ["The blog cannot reach its database."]}}
    route.fulfill(status=503, json=said)


def test_reload_in_the_middle_of_a_word_loses_nothing(writer: Writer) -> None:
    writer.open()
    writer.body.fill("Half a tho")

    writer.page.reload()

    writer.expect_kept("Half a tho")
    moment = writer.note.locator("time").get_attribute("datetime")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", moment or "")
    expect(writer.page.locator("#announcer")).to_contain_text("Your draft from")
    expect(writer.body).to_be_focused()


def test_form_closed_and_opened_again_has_the_words(writer: Writer) -> None:
    writer.open()
    writer.body.fill("Not yet")

    writer.page.get_by_role("link", name="Cancel").click()
    writer.page.get_by_role("link", name="Write a comment").click()

    expect(writer.body).to_have_value("Not yet")
    expect(writer.note).to_be_visible()


def test_draft_is_thrown_away(writer: Writer) -> None:
    writer.open()
    writer.type("Better not")
    writer.expect_kept("Better not")

    writer.page.get_by_role("button", name="Throw it away").click()

    expect(writer.body).to_be_focused()
    expect(writer.body).to_have_value("")
    expect(writer.note).to_have_count(0)
    writer.expect_gone()


@pytest.mark.parametrize("own_page", ["", "comments/new/"], ids=["panel", "page"])
def test_lost_connection_keeps_the_words_until_they_are_published(
    writer: Writer, own_page: str
) -> None:
    path = own_page and writer.path + own_page
    writer.open(path)
    writer.body.fill("Said in a tunnel")
    writer.page.context.set_offline(True)
    writer.publish()
    writer.refused(UNREACHABLE, "Said in a tunnel")
    writer.page.get_by_role("button", name="Preview").click()
    writer.refused(UNREACHABLE, "Said in a tunnel")

    writer.page.context.set_offline(False)
    writer.expect_kept("Said in a tunnel", path)
    writer.publish()

    expect(writer.comment("Said in a tunnel")).to_be_visible()
    expect(writer.page).to_have_url(re.compile(r"/posts/draft-\d+/#comment-\w{10}$"))
    writer.expect_gone(path)


def test_sent_again_after_a_lost_answer_it_is_the_same_comment(writer: Writer) -> None:
    writer.open()
    writer.body.fill("Once is enough")
    writer.on_post(lose_answer)
    writer.publish()
    writer.refused(UNREACHABLE, "Once is enough")
    writer.page.unroute_all()

    writer.expect_kept("Once is enough")
    writer.publish()

    expect(writer.body).to_have_count(0)
    expect(writer.page.locator(".comment")).to_have_count(1)
    writer.expect_gone()


def test_words_added_after_a_lost_answer_are_not_lost(writer: Writer) -> None:
    writer.open()
    writer.body.fill("A first thought")
    writer.on_post(lose_answer)
    writer.publish()
    writer.refused(UNREACHABLE, "A first thought")
    writer.page.unroute_all()

    writer.body.fill("A second thought")
    writer.publish()

    expect(writer.comment("A second thought")).to_be_visible()
    writer.expect_gone()


def test_reply_waits_behind_the_door_for_an_expired_session(writer: Writer) -> None:
    writer.open()
    writer.body.fill("Who knows?")
    writer.publish()
    writer.reply_to("Who knows?").fill("I do")
    writer.page.context.clear_cookies(name="session")
    writer.publish()
    writer.refused("You are not signed in", "I do")

    with writer.page.expect_popup() as opened:
        writer.page.get_by_role("link", name="Sign in (opens in a new tab)").click()
    sign_in(opened.value, writer.handle)
    door = Writer(opened.value, writer.path, writer.handle)
    expect(door.body).to_have_value("I do")
    expect(door.note).to_be_visible()
    door.publish()

    expect(door.page.locator(".thread__replies .comment")).to_contain_text("I do")
    writer.page.reload()
    expect(writer.reply_to("Who knows?")).to_have_value("")


def test_too_many_in_a_minute_keep_the_words(
    browser: Browser, site: Site, writer: Writer
) -> None:
    writer.page.context.clear_cookies()
    writer.page.context.add_cookies(cookies_of(browser, site, "hasty"))
    writer.open()
    form = writer.page.locator("[data-comment-form]").evaluate(
        "form => Object.fromEntries(new FormData(form))"
    )
    address = f"{writer.path}comments/new/"
    for _ in range(12):
        writer.page.request.post(address, form=form | {"body": "Again"})

    writer.body.fill("Too soon")
    writer.publish()

    writer.refused(re.compile(r"try again in \d+ seconds"), "Too soon")
    writer.expect_kept("Too soon")
    writer.expect_kept("Too soon", address)


@pytest.mark.parametrize("own_page", ["", "comments/new/"], ids=["panel", "page"])
def test_database_that_is_away_keeps_the_words(writer: Writer, own_page: str) -> None:
    path = own_page and writer.path + own_page
    writer.open(path)
    writer.body.fill("Is anybody there?")
    writer.on_post(is_away)

    writer.publish()

    writer.refused("cannot reach its database", "Is anybody there?")
    writer.expect_kept("Is anybody there?", path)


def test_each_form_has_a_draft_of_its_own(writer: Writer) -> None:
    writer.open()
    writer.body.fill("A question")
    writer.publish()
    writer.reply_to("A question").fill("For the reply")
    writer.page.reload()
    writer.edit("A question").fill("For the edit")
    writer.open()
    writer.body.fill("For the article")
    writer.page.reload()

    expect(writer.reply_to("A question")).to_have_value("For the reply")
    expect(writer.edit("A question")).to_have_value("For the edit")
    writer.page.get_by_role("button", name="Save").click()

    expect(writer.comment("For the edit")).to_be_visible()
    writer.expect_kept("For the article")
    expect(writer.reply_to("For the edit")).to_have_value("For the reply")
    expect(writer.note).to_have_count(2)
    expect(writer.edit("For the edit")).to_have_value("For the edit")
    expect(writer.note).to_have_count(2)


def test_what_was_published_does_not_come_back_from_another_tab(writer: Writer) -> None:
    writer.open()
    writer.type("Said once")
    other = writer.other_tab()
    other.expect_kept("Said once")
    writer.publish()
    expect(writer.comment("Said once")).to_be_visible()

    other.body.press("End")
    other.body.press("x")
    other.body.press("Backspace")
    other.page.reload()
    writer.expect_gone()

    writer.page.goto(writer.path)
    expect(writer.page.locator(".comment")).to_have_count(1)


def test_other_tab_says_more_and_both_are_published(writer: Writer) -> None:
    writer.open()
    writer.type("Said first")
    other = writer.other_tab()
    other.expect_kept("Said first")
    writer.publish()
    expect(writer.comment("Said first")).to_be_visible()

    other.body.fill("Said after it")
    other.publish()

    expect(other.comment("Said after it")).to_be_visible()
    expect(other.page.locator(".comment")).to_have_count(2)


def test_words_typed_while_the_answer_is_awaited_are_kept(writer: Writer) -> None:
    held: list[Route] = []
    writer.open()
    writer.body.fill("Sent")
    writer.on_post(held.append)
    with writer.page.expect_request(ADDRESS):
        writer.publish()

    writer.body.fill("Sent, and more")
    held[0].continue_()

    expect(writer.comment("Sent")).to_be_visible()
    writer.expect_kept("Sent, and more")


def test_answer_to_what_is_gone_waits_in_the_form_of_the_article(
    writer: Writer,
) -> None:
    writer.open()
    writer.body.fill("Soon gone")
    writer.publish()
    writer.reply_to("Soon gone").fill("But why?")
    other = writer.other_tab()
    other.page.goto(writer.path)
    other.comment("Soon gone").get_by_role("link", name="Delete").click()
    other.page.get_by_role("button", name="Delete").click()
    expect(other.page.locator(".comment")).to_have_count(0)

    writer.publish()

    writer.refused("was taken away", "But why?")
    with writer.page.expect_popup() as opened:
        writer.page.get_by_role("link", name="Comment on the article").click()
    expect(Writer(opened.value, writer.path, writer.handle).body).to_have_value(
        "But why?"
    )


@pytest.mark.parametrize("fault", BROKEN.values(), ids=BROKEN.keys())
def test_storage_that_does_not_work_keeps_nobody_from_writing(
    writer: Writer, fault: str
) -> None:
    writer.page.add_init_script(fault)
    writer.open()
    writer.body.fill("Said all the same")
    writer.page.wait_for_timeout(600)

    writer.publish()

    expect(writer.comment("Said all the same")).to_be_visible()


def test_published_is_shown_though_the_page_could_not_be_taken_anew(
    writer: Writer,
) -> None:
    writer.open()
    writer.body.fill("Said before the tunnel")
    writer.page.route(
        re.compile(r"\?after="),
        lambda route: (
            route.abort()
            if route.request.resource_type == "fetch"
            else route.continue_()
        ),
    )

    writer.publish()

    expect(writer.comment("Said before the tunnel")).to_be_visible()


def test_drafts_are_forgotten_after_thirty_days_and_beyond_fifty(
    writer: Writer,
) -> None:
    writer.page.goto(writer.path)
    writer.page.evaluate(
        """() => {
            const day = 24 * 60 * 60 * 1000;
            for (let n = 0; n < 60; n += 1) {
                const entry = { at: Date.now() - n * 1000, body: `Draft ${n}` };
                localStorage.setItem(`byline-draft-n${n}`, JSON.stringify(entry));
            }
            const old = { at: Date.now() - 31 * day, body: "Old" };
            localStorage.setItem("byline-draft-old", JSON.stringify(old));
            localStorage.setItem("somebody-else", "stays");
        }"""
    )

    writer.open()

    names = writer.page.evaluate("Object.keys(localStorage)")
    assert "somebody-else" in names
    drafts = {name for name in names if name.startswith("byline-draft-")}
    assert drafts == {f"byline-draft-n{n}" for n in range(50)}


def test_only_the_words_are_stored_and_none_once_published(writer: Writer) -> None:
    writer.open()
    writer.type("Between us")
    stored = writer.page.evaluate("Object.values(localStorage).map(JSON.parse)")
    assert [set(entry) for entry in stored] == [{"at", "body", "key"}]

    writer.publish()
    expect(writer.comment("Between us")).to_be_visible()

    left = writer.page.evaluate("JSON.stringify(Object.values(localStorage))")
    assert "Between us" not in left
