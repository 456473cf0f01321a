"""The desk's own lists, looked at on a phone and on a screen."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, TimeoutError

from tests.browser.conftest import Site
from tests.browser.writer import sign_in

pytestmark = pytest.mark.browser

CONTENT = """
from comments import moderation
from tests import factories
owner, reader = (
    factories.make_owner(handle=handle, email=f"{handle}@example.org")
    for handle in ("desk_lists", "desk_reader")
)
post = factories.make_post(author=owner, title="Of lists", tags=["Lists"])
comment = factories.make_comment(post, author=reader, key="desk-lists")
factories.make_guest_comment(post, key="desk-lists-guest")
moderation.report_comment(comment, reporter=owner, reason="spam")
moderation.remove_comment(comment, by=owner, reason="An advertisement")
"""
FITS = "document.documentElement.scrollWidth <= innerWidth"
OUT = """
[...document.querySelectorAll("body *")]
  .filter((one) => one.getBoundingClientRect().right > innerWidth)
  .map((one) => one.outerHTML.slice(0, 100)).slice(0, 5)
"""
LISTS = [
    "blog/post/",
    "blog/post/?q=lists",
    "blog/tag/",
    "comments/comment/",
    "comments/comment/?q=words",
    "comments/report/?open=all",
    "comments/moderationentry/",
    "reactions/reactionkind/",
    "accounts/user/",
]


def test_lists_of_the_desk_are_for_everybody(
    site: Site, new_page: Callable[..., Page]
) -> None:
    site.manage("shell", "-v0", "-c", CONTENT)
    page = new_page()
    page.goto("/admin/")
    sign_in(page, "desk_lists")
    found: list[str] = []

    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for address in LISTS:
            response: Any = page.goto(f"/admin/{address}")
            assert response.status == 200, address
            with suppress(TimeoutError):
                page.wait_for_function(FITS, timeout=5000)
            if not page.evaluate(FITS):
                found.append(f"{address} at {width}: sticks out {page.evaluate(OUT)}")
            for it in Axe().run(page).response["violations"]:
                parts = [node["html"][:100] for node in it["nodes"]]
                found.append(f"{address} at {width}: {it['id']} {parts}")

    assert not found, "\n".join(found)
