"""Hostile texts on real pages, in a real browser, with our policy and without it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests import corpora
from tests.browser.conftest import Site
from tests.core.markup.payloads import PAYLOADS

pytestmark = pytest.mark.browser

COMMENTS_PER_PAGE = 50
WATCH = """
window.fired = [];
for (const name of ["alert", "confirm", "prompt", "print"]) {
  window[name] = (text) => { window.fired.push(`${name}(${text})`); };
}
"""
# Everything in the texts is pointed at, focused and pressed; nothing may leave.
PROVOKE = """
for (const name of ["click", "auxclick", "submit"]) {
  addEventListener(name, (event) => event.preventDefault(), { capture: true });
}
const elements = document.querySelectorAll(
  ".e-content *:not(button, .code-block__tools *)");
for (const element of elements) {
  for (const name of ["pointerover", "mouseover", "mouseenter", "click", "toggle"]) {
    element.dispatchEvent(new MouseEvent(name, { bubbles: true, cancelable: true }));
  }
  element.focus?.({ preventScroll: true });
}
"""
# What stands where it should not: elements that run, load or send, and boxes outside.
ESCAPED = r"""() => {
  const found = [];
  const never = "script, iframe, frame, object, embed, applet, base, form, style, link,"
    + "meta, textarea, select, svg, template, input, noscript, title, dialog";
  const scrolls = "pre, .table-scroll, .math-block, .heading-anchor,"
    + "details:not([open]) *";
  // One text names an element "attributes", which hides the form's own.
  const { get: attributes } = Object.getOwnPropertyDescriptor(
    Element.prototype, "attributes");
  for (const content of document.querySelectorAll(".e-content")) {
    const box = content.getBoundingClientRect();
    for (const element of content.querySelectorAll("*")) {
      const name = element.localName;
      if (element.closest("button, .code-block__tools, .embed__note")) continue;
      if (element.matches(never)) found.push(`<${name}>`);
      for (const attribute of attributes.call(element)) {
        if (/^on|^style$|^srcdoc$/i.test(attribute.name)) {
          found.push(`<${name} ${attribute.name}>`);
        }
      }
      const position = getComputedStyle(element).position;
      if (["fixed", "sticky"].includes(position)) found.push(`${name}: ${position}`);
      if (element.closest(scrolls)) continue;
      const own = element.getBoundingClientRect();
      if (!own.width || !own.height) continue;
      if (own.right > box.right + 2 || own.left < box.left - 2
          || own.top < box.top - 2 || own.bottom > box.bottom + 2) {
        found.push(`${name} is outside of its box`);
      }
    }
  }
  if (document.querySelector(".site-footer")?.parentElement !== document.body) {
    found.push("the page's footer moved");
  }
  return found;
}"""


@dataclass
class Filled:
    name: str
    posts: int
    comments: int

    def paths(self) -> Iterator[str]:
        for number in range(self.posts):
            yield f"/posts/{self.name}-{number}/"
        pages = -(-self.comments // COMMENTS_PER_PAGE)
        for page in range(1, pages + 1):
            yield f"/posts/{self.name}/comments/?page={page}"


def own_payloads() -> list[str]:
    return [payload.replace("\0", "") for payload in PAYLOADS]


def corpus_payloads() -> list[str]:
    """Those that run, or could, in a page that cleans nothing."""
    return [
        case["payload"].replace("\0", "")
        for case in corpora.load("xss/payloads.json")
        if case["level"] in {"fires", "active"}
    ]


SOURCES: dict[str, Callable[[], list[str]]] = {
    "payloads-own": own_payloads,
    "payloads-corpus": corpus_payloads,
}


@pytest.fixture(scope="module", params=SOURCES)
def filled(
    request: pytest.FixtureRequest,
    site: Site,
    tmp_path_factory: pytest.TempPathFactory,
) -> Filled:
    name: str = request.param
    file: Path = tmp_path_factory.mktemp(name) / "texts.json"
    file.write_text(json.dumps(SOURCES[name]()), encoding="utf-8")
    code = (
        f"from tests.browser.payload_pages import fill; fill({name!r}, {str(file)!r})"
    )
    printed = site.manage("shell", "--no-imports", "-c", code)
    return Filled(name, **json.loads(printed))


@pytest.mark.parametrize("has_policy", [True, False], ids=["policy", "no policy"])
def test_no_text_runs_leaves_or_escapes(
    filled: Filled, site: Site, browser: Browser, has_policy: bool
) -> None:
    context = browser.new_context(base_url=site.url, bypass_csp=not has_policy)
    context.add_init_script(WATCH)
    found = {path: noticed(context, path, site.url) for path in filled.paths()}
    context.close()

    assert filled.posts
    assert filled.comments
    assert {path: what for path, what in found.items() if what} == {}


def test_net_catches_what_nobody_cleaned(site: Site, browser: Browser) -> None:
    page = browser.new_page(bypass_csp=True)
    page.add_init_script(WATCH)
    page.goto(f"{site.url}/health/live")
    page.set_content(
        '<div class="e-content"><img src=x onerror="alert(1)">'
        '<a href="javascript:confirm(2)" style="position:fixed;top:0">x</a>'
        '<b onmouseover="prompt(3)">y</b></div>'
    )
    page.evaluate(PROVOKE)
    page.wait_for_function("window.fired.length >= 2")
    fired: list[str] = page.evaluate("window.fired")
    escaped: list[str] = page.evaluate(ESCAPED)
    page.close()

    assert sorted(fired) == ["alert(1)", "prompt(3)"]
    assert "a: fixed" in escaped
    assert "<img onerror>" in escaped


def noticed(context: BrowserContext, path: str, origin: str) -> list[Any]:
    """What a reader's browser did on this page that it should not have done."""
    page: Page = context.new_page()
    left: list[str] = []
    page.on(
        "request",
        lambda request: (
            left.append(request.url)
            if not request.url.startswith((origin, "data:"))
            else None
        ),
    )
    response = page.goto(path, wait_until="load")
    assert response
    assert response.status == 200
    page.evaluate(PROVOKE)
    page.wait_for_timeout(50)
    fired: list[Any] = page.evaluate("window.fired")
    escaped: list[Any] = page.evaluate(ESCAPED)
    page.close()
    return [*fired, *left, *escaped]
