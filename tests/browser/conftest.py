"""A blog started by `serve`, and a real browser before it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chromium import launch

ROOT = Path(__file__).resolve().parents[2]
READY = "Byline is ready at "
OWNER = "Set up the owner: "
PASSWORD = "a long enough passphrase"
OWN = ("DATABASE_URL", "BYLINE_ORIGIN", "DJANGO_SETTINGS_MODULE")


@dataclass
class Site:
    url: str
    owner_url: str
    data: Path
    environment: dict[str, str] = field(repr=False)

    def manage(self, *arguments: str, **variables: str) -> str:
        """Run a management command against this blog; what it printed."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment | variables,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout

    def make_owner(self, handle: str) -> None:
        self.manage(
            *("createsuperuser", "--noinput"),
            DJANGO_SUPERUSER_EMAIL=f"{handle}@example.org",
            DJANGO_SUPERUSER_HANDLE=handle,
            DJANGO_SUPERUSER_PASSWORD=PASSWORD,
        )

    def publish(self, file: Path, text: str, *, author: str) -> str:
        """The address of a public article with this text."""
        file.write_text(text)
        options = ("--author", author, "--publish")
        return self.manage("import_posts", str(file), *options).split()[-1]

    def newest_mail(self, address: str) -> str:
        """The text of the newest message to the address."""
        mails = sorted((self.data / "mail").glob("*.eml"), reverse=True)
        return next(text for m in mails if address in (text := m.read_text()))


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    data = tmp_path_factory.mktemp("site")
    environment = {k: v for k, v in os.environ.items() if k not in OWN}
    environment["BYLINE_DATA_DIR"] = str(data)
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", "0", "--no-demo"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    ready = process.stdout.readline().strip()
    owner = process.stdout.readline().strip()
    assert ready.startswith(READY)
    url = ready.removeprefix(READY).rstrip("/")
    environment["BYLINE_ORIGIN"] = url
    yield Site(url, owner.removeprefix(OWNER), data, environment)
    process.terminate()
    process.wait(10)
    process.stdout.close()


# A module at a time: while Playwright runs, its event loop keeps Django's ORM from
# working in tests that come between.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def new_page(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Open a page of a new visitor; what the browser complains of fails the test."""
    contexts = []
    complaints: list[str] = []

    def open_page(*, width: int = 1280, has_javascript: bool = True) -> Page:
        context = browser.new_context(
            base_url=site.url,
            viewport={"width": width, "height": 900},
            java_script_enabled=has_javascript,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: (
                complaints.append(message.text)
                if "Content Security Policy" in message.text
                else None
            ),
        )
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
