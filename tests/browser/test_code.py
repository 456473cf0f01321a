from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Site

pytestmark = pytest.mark.browser

ARTICLE = """\
---
title: Lines and frames
---

```python {2} title="train.py"
import torch

model = torch.nn.Linear(3, 1)
loss = model(x).sum()
loss.backward()
```

> - In a list, in a quotation:
>
>   ```python diff
>    a = 1
>   -b = 2
>   +b = 3
>   ```

```console
$ python train.py
loss 0.5
$ ls
```

```pycon
>>> for n in range(2):
...     print(n)
0
1
```

Formulas: $a^2 + b^2 = c^2$.

$$
\\sum_{i=0}^{n} \\frac{1}{2^i}
$$

https://youtu.be/abcdefghijk

Last words.
"""


@pytest.fixture(scope="module")
def article(site: Site, tmp_path_factory: pytest.TempPathFactory) -> str:
    site.make_owner("coder")
    file = tmp_path_factory.mktemp("posts") / "lines.md"
    return site.publish(file, ARTICLE, author="coder")


def background(page: Page, line: str) -> str:
    color: str = page.locator(f"[id='{line}']").evaluate(
        "element => getComputedStyle(element).backgroundColor"
    )
    return color


def linked(page: Page) -> list[str]:
    ids: list[str] = page.locator("[data-linked]").evaluate_all(
        "lines => lines.map(line => line.id)"
    )
    return ids


@pytest.mark.parametrize("has_javascript", [True, False])
def test_one_line_is_shown_by_its_address(
    article: str, new_page: Callable[..., Page], has_javascript: bool
) -> None:
    page = new_page(has_javascript=has_javascript)

    page.goto(f"{article}#train-py-L4")

    expect(page.locator("[id='train-py-L4']")).to_be_in_viewport()
    assert background(page, "train-py-L4") != background(page, "train-py-L5")


def test_range_is_shown_by_its_address(
    article: str, new_page: Callable[..., Page]
) -> None:
    page = new_page()

    page.goto(f"{article}#train-py-L3-L5")

    expect(page.locator("[data-linked]")).to_have_count(3)
    expect(page.locator("[id='train-py-L3']")).to_be_in_viewport()
    page.goto(f"{article}#code-2-L1-L9")
    expect(page.locator("[data-linked]")).to_have_count(3)
    page.evaluate("location.hash = '#last'")
    expect(page.locator("[data-linked]")).to_have_count(0)


def test_range_is_made_with_the_shift_key(
    article: str, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    page.goto(article)

    page.get_by_role("link", name="Line 2", exact=True).click()
    page.get_by_role("link", name="Line 4", exact=True).click(modifiers=["Shift"])

    expect(page).to_have_url(re.compile("#train-py-L2-L4$"))
    assert linked(page) == ["train-py-L2", "train-py-L3", "train-py-L4"]
    expect(page.locator("#announcer")).to_have_text("Lines 2 to 4")


def test_lines_are_reached_by_keyboard(
    article: str, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    page.goto(article)
    first = page.get_by_role("link", name="Line 1", exact=True)
    expect(first).to_have_attribute("tabindex", "0")

    first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Line 2", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#train-py-L2$"))
    expect(page.get_by_role("link", name="Line 2", exact=True)).to_be_focused()
    page.keyboard.press("Shift+ArrowDown")

    expect(page.get_by_role("link", name="Line 3", exact=True)).to_be_focused()
    expect(page).to_have_url(re.compile("#train-py-L2-L3$"))
    page.keyboard.press("Tab")
    expect(page.locator(".code-line__number:focus")).to_have_count(0)


@pytest.mark.parametrize(
    ("number", "copied"),
    [
        (
            0,
            "import torch\n\nmodel = torch.nn.Linear(3, 1)\n"
            "loss = model(x).sum()\nloss.backward()\n",
        ),
        (1, "a = 1\nb = 3\n"),
        (2, "python train.py\nls\n"),
        (3, "for n in range(2):\n    print(n)\n"),
    ],
    ids=["numbered", "diff", "console", "pycon"],
)
def test_copy_leaves_out_numbers_marks_and_prompts(
    article: str, new_page: Callable[..., Page], number: int, copied: str
) -> None:
    page = new_page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(article)
    block = page.locator("[data-code-block]").nth(number)

    block.get_by_role("button", name="Copy").click()

    expect(block.get_by_role("status")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == copied


def test_selected_code_has_no_numbers(
    article: str, new_page: Callable[..., Page]
) -> None:
    page = new_page(has_javascript=True)
    page.goto(article)

    selected = page.evaluate(
        "getSelection().selectAllChildren(document.querySelector('pre code')) "
        "?? getSelection().toString()"
    )

    assert selected.rstrip("\n").split("\n")[0] == "import torch"
    assert "2" not in selected.split("\n")[1]


def test_long_lines_wrap_under_their_number(
    article: str, new_page: Callable[..., Page]
) -> None:
    page = new_page(width=320)
    page.goto(article)
    block = page.locator("[data-code-block]").first

    block.get_by_role("button", name="Wrap").click()

    expect(block.get_by_role("button", name="Wrap")).to_have_attribute(
        "aria-pressed", "true"
    )
    assert block.locator("pre").evaluate("pre => pre.scrollWidth <= pre.clientWidth")


def test_page_stays_where_it_is_behind_the_full_screen(
    article: str, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    page.goto(article)
    button = (
        page.locator("[data-code-block]")
        .nth(2)
        .get_by_role("button", name="Fullscreen")
    )
    button.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    button.click()

    page.mouse.move(600, 400)
    page.mouse.wheel(0, 2000)
    page.wait_for_timeout(200)
    page.keyboard.press("Escape")

    assert page.evaluate("scrollY") == before
    expect(button).to_be_focused()


def test_embed_loads_nothing_before_it_is_asked_for(
    article: str, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body="frame")

    page.route("https://www.youtube-nocookie.com/**", answer)
    page.goto(article, wait_until="networkidle")
    card = page.locator(".embed")
    expect(card.locator("iframe")).to_have_count(0)
    assert asked == []

    card.get_by_role("button", name="Show it here").click()

    expect(card.frame_locator("iframe").locator("body")).to_have_text("frame")
    assert asked == ["https://www.youtube-nocookie.com/embed/abcdefghijk"]


def test_embed_is_a_link_without_javascript(
    article: str, new_page: Callable[..., Page]
) -> None:
    page = new_page(has_javascript=False)
    page.goto(article)

    link = page.get_by_role("link", name="A video on YouTube")

    expect(link).to_have_attribute("href", "https://youtu.be/abcdefghijk")
    expect(page.locator(".embed button")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(
    article: str, new_page: Callable[..., Page], scheme: str
) -> None:
    page = new_page()
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    found: list[str] = []

    for path in [article, "/how-to-write/"]:
        page.goto(path, wait_until="networkidle")
        for violation in Axe().run(page).response["violations"]:
            nodes = [node["html"] for node in violation["nodes"]]
            found.append(f"{path} {violation['id']} {json.dumps(nodes)[:300]}")

    assert found == []
