"""What a browser fetches for the article page."""

from __future__ import annotations

from playwright.sync_api import Response, sync_playwright

from benchmarks import site
from benchmarks.figures import Figure, Run
from tests.browser.chromium import launch

LIGHT = {"document", "stylesheet", "script"}


def measure(run: Run) -> list[Figure]:
    with site.blog(run) as blog:
        return [
            Figure(f"Article page: {name}", value)
            for name, value in weigh(blog.article).items()
        ]


def weigh(address: str) -> dict[str, str]:
    """Requests and compressed kilobytes, fonts and pictures apart."""
    answers: list[Response] = []
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page()
        # Not the method itself: Playwright keeps a note on what it is given, and a
        # list's method holds none.
        page.on("response", lambda answer: answers.append(answer))
        page.goto(address, wait_until="networkidle")
        sizes = {
            answer: (answer.request.resource_type, answer.request.sizes())
            for answer in answers
        }
        browser.close()

    def total(kinds: set[str]) -> tuple[int, float]:
        bodies = [
            int(s["responseBodySize"]) for kind, s in sizes.values() if kind in kinds
        ]
        return len(bodies), sum(bodies) / 1000

    requests, kilobytes = total(LIGHT)
    fonts, font_kilobytes = total({"font"})
    return {
        "HTML, CSS and JS": f"{kilobytes:.1f} kB in {requests} requests",
        "fonts": f"{font_kilobytes:.1f} kB in {fonts} files",
    }
