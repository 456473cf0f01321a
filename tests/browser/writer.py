"""Somebody who writes under an article, and what the browser keeps of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import PASSWORD

ADDRESS = re.compile(r"/comments/(new|\w+/edit)/(\?.*)?$")


@dataclass
class Writer:
    page: Page
    path: str
    handle: str

    def other_tab(self) -> Writer:
        return Writer(self.page.context.new_page(), self.path, self.handle)

    @property
    def body(self) -> Locator:
        return self.page.locator("textarea").last

    @property
    def note(self) -> Locator:
        return self.page.locator("[data-draft-note]:visible")

    def open(self, path: str = "") -> Locator:
        """Come to the article, or a form's own page; the field of the words."""
        self.page.goto(path or self.path)
        if path:
            self.page.wait_for_load_state("networkidle")
        else:
            self.page.get_by_role("link", name="Write a comment").click()
            expect(self.body).to_be_focused()
        return self.body

    def reply_to(self, words: str) -> Locator:
        self.comment(words).get_by_role("link", name="Reply").first.click()
        return self.focused("reply")

    def edit(self, words: str) -> Locator:
        self.comment(words).get_by_role("link", name="Edit").first.click()
        return self.focused("edit")

    def focused(self, act: str) -> Locator:
        field = self.page.locator(f"textarea[id^={act}]")
        expect(field).to_be_focused()
        return field

    def type(self, words: str) -> None:
        """Until they are kept."""
        self.body.fill(words)
        self.page.wait_for_function(
            "words => Object.values(localStorage).some(text => text.includes(words))",
            arg=words,
        )

    def publish(self) -> None:
        self.page.get_by_role("button", name=re.compile("^(Publish|Save)")).click()

    def on_post(self, answer: Callable[[Route], object]) -> None:
        self.page.route(
            ADDRESS,
            lambda route: (
                answer(route) if route.request.method == "POST" else route.continue_()
            ),
        )

    def comment(self, words: str) -> Locator:
        body = self.page.locator(".comment__body", has_text=words)
        return self.page.locator(".comment").filter(has=body).last

    def refused(self, sentence: str | re.Pattern[str], words: str) -> None:
        expect(self.page.get_by_role("alert")).to_contain_text(sentence)
        expect(self.body).to_have_value(words)

    def expect_kept(self, words: str, path: str = "") -> None:
        """Whoever comes back finds the words."""
        expect(self.open(path)).to_have_value(words)
        expect(self.note).to_contain_text("Your draft from")

    def expect_gone(self, path: str = "") -> None:
        expect(self.open(path)).to_have_value("")
        expect(self.note).to_have_count(0)


def sign_in(page: Page, handle: str) -> None:
    page.locator("[name=login]").fill(f"{handle}@example.org")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/login/" not in url)
