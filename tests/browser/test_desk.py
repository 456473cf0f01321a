from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site
from tests.pictures import file_of, photo

pytestmark = pytest.mark.browser

PASSWORD = "a long enough passphrase"
BODY = """\
Words before.

```python
def answer() -> int:
    return 42
```
"""


@pytest.fixture(scope="module")
def cookies(site: Site, browser: Browser) -> list[Any]:
    """What a browser holds once the owner has signed in."""
    site.manage(
        *("createsuperuser", "--noinput"),
        DJANGO_SUPERUSER_EMAIL="desk@example.org",
        DJANGO_SUPERUSER_HANDLE="desk",
        DJANGO_SUPERUSER_PASSWORD=PASSWORD,
    )
    with browser.new_context(base_url=site.url) as context:
        page = context.new_page()
        page.goto("/admin/")
        page.get_by_label("E-mail address").fill("desk@example.org")
        page.get_by_label("Password").fill(PASSWORD)
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url("**/admin/")
        return list(context.cookies())


OpenDesk = Callable[..., Page]


@pytest.fixture
def open_desk(new_page: Callable[..., Page], cookies: list[Any]) -> OpenDesk:
    def open_page(path: str = "/admin/blog/post/add/", **options: Any) -> Page:
        page = new_page(**options)
        page.context.add_cookies(cookies)
        # A glide between pages that is cut short counts as a complaint.
        page.emulate_media(reduced_motion="reduce")
        page.goto(path)
        return page

    return open_page


def picture(folder: Path) -> Path:
    path = folder / "beach.jpg"
    path.write_bytes(file_of(photo(900, 500), "JPEG"))
    return path


def drop(page: Page, name: str, content: str) -> None:
    """Drop a file of these words on the text."""
    page.evaluate(
        """([name, content]) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([content], name, {type: "image/png"}));
            const how = {dataTransfer: transfer, bubbles: true};
            const text = document.querySelector("[name=body]");
            text.dispatchEvent(new DragEvent("drop", how));
        }""",
        [name, content],
    )


@pytest.mark.parametrize("width", [390, 1280])
def test_write_preview_upload_and_publish(
    open_desk: OpenDesk, tmp_path: Path, width: int
) -> None:
    page = open_desk(width=width)
    title = f"Debugging, {width} wide!"
    page.get_by_label("Title").fill(title)
    expect(page.get_by_label("Address")).to_have_value(f"debugging-{width}-wide")
    text = page.get_by_label("Text", exact=True)
    text.fill(BODY)

    page.get_by_role("button", name="Preview").click()
    frame = page.frame_locator("iframe[title=Preview]")
    expect(frame.get_by_role("heading", name=title)).to_be_visible()
    expect(frame.locator("pre .k").first).to_have_text("def")
    expect(frame.get_by_role("button", name="Copy")).to_be_visible()

    text.press("Control+End")
    page.locator("[data-pick] input").set_input_files(picture(tmp_path))
    expect(page.locator("[data-said]")).to_contain_text("The picture is in the text")
    page.keyboard.type("A beach")
    expect(frame.get_by_role("img", name="A beach")).to_have_attribute("width", "900")

    page.get_by_label("Tags").fill("Debugging, ")
    page.get_by_label("Cover picture").set_input_files(picture(tmp_path))
    page.get_by_label("What the cover shows").fill("A beach in noise")
    page.get_by_role("button", name="Publish now").click()
    expect(page.get_by_text("Saved and public.")).to_be_visible()

    page.get_by_role("link", name="View on site").click()
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
    expect(page.get_by_role("img", name="A beach", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_schedule_and_go_back_to_draft(open_desk: OpenDesk) -> None:
    page = open_desk()
    page.get_by_label("Title").fill("Tomorrow")
    page.get_by_label("Text", exact=True).fill("Later.")
    page.get_by_text("Publish at a time").click()
    moment = datetime.now(UTC) + timedelta(days=1)
    page.get_by_label("Date and time (UTC)").fill(f"{moment:%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="Schedule").click()

    expect(page.locator(".state")).to_have_text("Scheduled")
    page.get_by_role("button", name="Back to draft").click()
    expect(page.locator(".state")).to_have_text("Draft")


def test_a_bad_file_is_refused_beside_the_text(open_desk: OpenDesk) -> None:
    page = open_desk()
    text = page.get_by_label("Text", exact=True)
    text.fill("Precious words.")

    drop(page, "lies.png", "<svg onload=alert(1)>")

    said = page.locator("[data-said]")
    expect(said).to_contain_text("lies.png: This is not a picture")
    expect(text).to_have_value("Precious words.")


def test_the_keyboard_leaves_the_text_and_completes_tags(open_desk: OpenDesk) -> None:
    page = open_desk()
    page.get_by_label("Title").fill("First")
    page.get_by_label("Tags").fill("Machine learning")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Saved as a draft.")).to_be_visible()
    page.goto("/admin/blog/post/add/")

    page.get_by_label("Text", exact=True).focus()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Summary")).to_be_focused()

    tags = page.get_by_label("Tags", exact=True)
    tags.press_sequentially("mach")
    expect(page.get_by_role("option", name="Machine learning")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(tags).to_have_value("Machine learning, ")


def test_newer_words_are_shown_beside_ones_own(open_desk: OpenDesk) -> None:
    page = open_desk()
    page.get_by_label("Title").fill("Two tabs")
    page.get_by_label("Text", exact=True).fill("In the beginning.")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Saved as a draft.")).to_be_visible()
    other = page.context.new_page()
    other.emulate_media(reduced_motion="reduce")
    other.goto(page.url)
    other.get_by_label("Text", exact=True).fill("Theirs.")
    other.get_by_role("button", name="Save draft").click()
    expect(other.get_by_text("Saved as a draft.")).to_be_visible()

    page.get_by_label("Text", exact=True).fill("Mine.")
    page.get_by_role("button", name="Save draft").click()

    expect(page.get_by_role("alert")).to_contain_text("Somebody saved newer words")
    expect(page.locator(".diff")).to_contain_text("Theirs.")
    expect(page.get_by_label("Text", exact=True)).to_have_value("Mine.")
    page.get_by_role("button", name="Overwrite theirs with mine").click()
    expect(page.get_by_text("Saved as a draft.")).to_be_visible()
    page.get_by_role("link", name="History: 3 versions").click()
    page.get_by_role("link", name="Version 2").click()
    page.get_by_role("button", name="Restore these words").click()
    expect(page.get_by_label("Text", exact=True)).to_have_value("Theirs.")


def test_unsaved_words_survive_a_lost_page(open_desk: OpenDesk) -> None:
    page = open_desk()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_label("Text", exact=True).press_sequentially("Not saved yet")
    page.wait_for_timeout(700)
    page.reload()

    page.get_by_role("button", name="Bring it back").click()

    expect(page.get_by_label("Text", exact=True)).to_have_value("Not saved yet")


def test_signing_in_elsewhere_lets_the_open_form_go_on(open_desk: OpenDesk) -> None:
    page = open_desk()
    page.get_by_label("Title").fill("Two sessions")
    page.get_by_label("Text", exact=True).fill("Some *words*")
    page.context.clear_cookies(name="session")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("[data-said]")).to_contain_text("Sign in as an author")

    door = page.context.new_page()
    door.goto("/accounts/login/?next=/accounts/")
    door.get_by_label("E-mail address").fill("desk@example.org")
    door.get_by_label("Password").fill(PASSWORD)
    door.locator("main form button[type=submit]").first.click()
    door.wait_for_url("**/accounts/")
    page.get_by_role("button", name="Preview").click()
    frame = page.frame_locator("iframe[title=Preview]")
    expect(frame.locator("em")).to_have_text("words")
    page.get_by_role("button", name="Save draft").click()

    expect(page.get_by_text("Saved as a draft.")).to_be_visible()


def test_unsaved_words_are_offered_to_their_writer_only(open_desk: OpenDesk) -> None:
    page = open_desk()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_label("Text", exact=True).press_sequentially("Mine alone")
    page.wait_for_timeout(700)
    keys = page.evaluate("Object.keys(localStorage)")
    user = page.locator("form[data-desk]").get_attribute("data-user")

    assert f"byline-desk-{user}-new" in keys
    assert user
    page.evaluate(
        """user => {
            const kept = localStorage.getItem(`byline-desk-${user}-new`);
            localStorage.clear();
            localStorage.setItem(`byline-desk-${user}1-new`, kept);
        }""",
        user,
    )
    page.reload()
    expect(page.get_by_role("button", name="Save draft")).to_be_visible()
    expect(page.get_by_role("button", name="Bring it back")).to_have_count(0)


def test_preview_follows_the_language(open_desk: OpenDesk) -> None:
    page = open_desk()
    page.get_by_label("Text", exact=True).fill('Er sagte "ja"')
    page.get_by_role("button", name="Preview").click()
    body = page.frame_locator("iframe[title=Preview]").locator("[data-body]")
    expect(body).to_contain_text("“ja”")

    page.get_by_text("More", exact=True).click()
    page.get_by_label("Language").fill("de")

    expect(body).to_contain_text("„ja“")
    expect(body).to_have_attribute("lang", "de")


def test_works_without_javascript(open_desk: OpenDesk) -> None:
    page = open_desk(has_javascript=False)
    page.get_by_label("Title").fill("Plain")
    page.get_by_label("Text", exact=True).fill("Words.")
    page.get_by_label("Tags").fill("plain")
    page.get_by_role("button", name="Publish now").click()

    page.get_by_role("link", name="View on site").click()
    expect(page.get_by_role("heading", level=1, name="Plain")).to_be_visible()


@pytest.mark.parametrize(
    "path",
    [
        "/admin/",
        "/admin/blog/post/",
        "/admin/blog/tag/",
        "/admin/accounts/user/",
        "/admin/core/sitesettings/",
    ],
)
def test_pages_fit_a_phone_and_keep_the_policy(open_desk: OpenDesk, path: str) -> None:
    page = open_desk(path, width=390)

    assert page.evaluate("document.documentElement.scrollWidth") <= 390
