"""Debian's Varnish, with the VCL of the documentation, before gunicorn and a worker."""

from __future__ import annotations

import contextlib
import http.client
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from blog.models import Post
from core.models import Purge
from tests.config.conftest import CHECKOUT, environment, free_port
from tests.core.pagecache.served import Gunicorn, StandIn, url_of_database
from tests.factories import make_kinds, make_post

VARNISHD = shutil.which("varnishd", path="/usr/sbin:/usr/local/sbin:/usr/bin")

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(VARNISHD is None, reason="Varnish is not installed"),
]

BOUND = 1.0
"""Seconds after which a change is there."""
NOISE = 5.0
"""Seconds that a busy machine may add: far less than the day a page is held."""
QUIET = 30.0
"""Seconds after which what other tests did is told for the last time."""
VCL = CHECKOUT / "docs/howto/byline.vcl"

type Got = tuple[int, dict[str, str], bytes]


class Behind:
    """Gunicorn, the worker, Varnish, and the way from the one to the other."""

    def __init__(self, data: Path) -> None:
        self.is_told = False
        self.port = free_port()
        self.way = StandIn(("127.0.0.1", self.port))
        self.variables = {"BYLINE_PURGE": f"varnish://127.0.0.1:{self.way.port}"}
        self.data = data
        self.gunicorn = Gunicorn(data, url_of_database(), **self.variables)
        self.gunicorn.wait()
        self.worker = self.start_worker()
        self.folder = Path(tempfile.mkdtemp(prefix="byline-varnish-"))
        self.varnish = self.start_varnish()

    def start_varnish(self) -> subprocess.Popen[bytes]:
        vcl = self.folder / "byline.vcl"
        text = VCL.read_text()
        assert '.port = "8000"' in text
        vcl.write_text(text.replace('"8000"', f'"{self.gunicorn.port}"'))
        varnish = subprocess.Popen(
            [
                *(str(VARNISHD), "-F", "-j", "none", "-n", str(self.folder / "run")),
                *("-a", f"127.0.0.1:{self.port}", "-f", str(vcl)),
                *("-s", "malloc,32m", "-p", "default_grace=3600"),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(lambda: self.get("/health/live")[0] == 200, 30)
        return varnish

    def start_worker(self) -> subprocess.Popen[bytes]:
        chosen = {
            "DATABASE_URL": url_of_database(),
            "SECRET_KEY": str(settings.SECRET_KEY),
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        }
        return subprocess.Popen(
            [sys.executable, "manage.py", "worker"],
            cwd=CHECKOUT,
            env=environment(self.data, **(chosen | self.variables)),
            stdout=self.gunicorn.log,
            stderr=self.gunicorn.log,
        )

    def end_worker(self) -> None:
        self.worker.kill()
        self.worker.wait()

    def get(self, path: str, headers: dict[str, str] | None = None) -> Got:
        used = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        with contextlib.closing(used):
            used.request("GET", path, headers=headers or {})
            answer = used.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, named, answer.read()

    def is_held(self, path: str, headers: dict[str, str] | None = None) -> bool:
        """Whether Varnish answered this by itself: it names two transactions."""
        return len(self.get(path, headers)[1]["x-varnish"].split()) == 2

    def shows(self, path: str, word: str) -> bool:
        return word.encode() in self.get(path)[2]

    def end(self) -> None:
        self.end_worker()
        self.varnish.terminate()
        self.varnish.wait(10)
        self.gunicorn.end()
        self.way.end()
        shutil.rmtree(self.folder)


def wait_until(true: Callable[[], bool], seconds: float) -> float:
    """How long it took."""
    started = time.monotonic()
    while True:
        with contextlib.suppress(OSError):
            if true():
                return time.monotonic() - started
        assert time.monotonic() - started < seconds, "waited in vain"
        time.sleep(0.02)


@pytest.fixture(scope="module")
def running(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Behind]:
    behind = Behind(tmp_path_factory.mktemp("behind"))
    yield behind
    behind.end()


@pytest.fixture
def behind(transactional_db: None, running: Behind) -> Behind:
    make_kinds()
    if not running.is_told:
        # The worker writes it when it has told everything twice.
        wait_until(Purge.objects.exists, 30)
        running.is_told = True
    return running


def test_held_page_is_right_a_second_after_a_change(behind: Behind) -> None:
    page = f"/posts/{make_post(title='Number 0').slug}/"
    took = []
    for number in range(1, 7):
        # A reader keeps asking, so what follows a purge is held at once.
        read_for(behind, page, 0.37 * number)
        wait_until(lambda: behind.is_held(page), QUIET)
        Post.objects.filter(title__startswith="Number").update(title=f"Number {number}")
        word = f"<title>Number {number}"
        took.append(wait_until(lambda w=word: behind.shows(page, w), 20))  # type: ignore[misc]
        assert all(word.encode() in got for got in read_for(behind, page, 0.5))

    assert max(took) < BOUND + NOISE, took
    assert "surrogate-key" not in behind.get(page)[1]
    assert "surrogate-control" not in behind.get(page)[1]


def read_for(behind: Behind, page: str, seconds: float) -> list[bytes]:
    """What a reader sees who asks all the time."""
    until = time.monotonic() + seconds
    seen = []
    while time.monotonic() < until:
        seen.append(behind.get(page)[2])
        time.sleep(0.01)
    return seen


def test_scheduled_post_comes_at_its_moment(behind: Behind) -> None:
    make_post()
    wait_until(lambda: behind.is_held("/"), QUIET)
    moment = timezone.now() + timedelta(seconds=14)
    make_post(title="Now or never", published_at=moment)
    # Told of twice, it is held again until the moment.
    time.sleep(4.5)
    wait_until(lambda: behind.is_held("/"), 8)
    assert not behind.shows("/", "Now or never")

    wait_until(lambda: behind.shows("/", "Now or never"), 20)

    late = (timezone.now() - moment).total_seconds()
    assert 0 <= late < BOUND + NOISE


def test_cache_and_worker_that_were_away_miss_nothing(behind: Behind) -> None:
    first, second = (make_post(title=f"Old words {n}") for n in range(2))
    pages = [f"/posts/{post.slug}/" for post in (first, second)]
    for _ in range(2):
        for page in pages:
            wait_until(lambda: behind.is_held(page), QUIET)  # noqa: B023
        # Every change is told a second time, three seconds after the first.
        time.sleep(5)
    behind.way.fail("refuse")
    Post.objects.filter(pk=first.pk).update(title="New words")
    time.sleep(3)
    behind.end_worker()
    Post.objects.filter(pk=second.pk).update(title="New words")
    held_meanwhile = [behind.shows(page, "Old words") for page in pages]
    behind.worker = behind.start_worker()
    time.sleep(2)

    behind.way.mend()

    for page in pages:
        wait_until(lambda: behind.shows(page, "New words"), 30)  # noqa: B023
    assert held_meanwhile == [True, True]
    assert "cannot be reached" in behind.gunicorn.said()


def test_cookies_make_no_difference_and_what_is_private_is_not_held(
    behind: Behind,
) -> None:
    page = f"/posts/{make_post().slug}/"
    cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}=x; byline_known=1"}
    wait_until(lambda: behind.is_held(page), QUIET)

    assert behind.is_held(page, cookie)
    for path in ("/me/", "/accounts/login/", f"{page}?after=3", "/posts/missing/"):
        for _ in range(2):
            assert not behind.is_held(path, cookie), path


def test_command_has_everything_forgotten(behind: Behind) -> None:
    page = f"/posts/{make_post().slug}/"
    wait_until(lambda: behind.is_held(page), QUIET)

    call_command("purge")

    assert wait_until(lambda: not behind.is_held(page), QUIET) < BOUND + NOISE
