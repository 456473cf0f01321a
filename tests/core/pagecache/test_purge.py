from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.utils import timezone

from blog.models import Post
from core.models import Purge
from core.pagecache import purge
from core.pagecache.purge import Purger
from core.pagecache.purge_front import HeldFront
from core.shared_caches import PurgeError, SharedCache, Varnish
from tests.core.pagecache.conftest import Connection, Site
from tests.factories import make_post

pytestmark = pytest.mark.django_db(transaction=True)


class Recorder(SharedCache):
    """A cache that notes what it is told, or cannot be reached."""

    name = "Recorder"
    batch = 10_000

    def __init__(self) -> None:
        self.told: list[tuple[float, set[str]]] = []
        self.is_away = False

    def hold(self, seconds: int, tags: Collection[str]) -> list[tuple[bytes, bytes]]:
        return []

    def forget(self, tags: Sequence[str]) -> None:
        if self.is_away:
            raise PurgeError("Recorder cannot be reached.")
        self.told.append((time.monotonic(), set(tags)))

    def tags(self) -> set[str]:
        return set().union(*(tags for _, tags in self.told))

    def times(self, tag: str) -> int:
        return sum(tag in tags for _, tags in self.told)


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """Told quickly, so that a test need not wait."""
    monkeypatch.setattr(purge, "APART", 0.1)
    monkeypatch.setattr(purge, "AGAIN", 0.3)
    monkeypatch.setattr(purge, "SETTLE", 0.0)
    return Recorder()


@pytest.fixture
def purger(cache: Recorder) -> Iterator[Purger]:
    purger = Purger(cache)
    settle(purger)
    cache.told.clear()
    yield purger
    connection.close()


def settle(purger: Purger) -> None:
    """Step until everything was told twice."""
    until = time.monotonic() + 5
    purger.step()
    while (purger._new or purger._told) and time.monotonic() < until:
        time.sleep(0.02)
        purger.step()
    assert not purger._new
    assert not purger._told


def test_change_is_told_at_once_and_again(purger: Purger, cache: Recorder) -> None:
    post = make_post()

    settle(purger)

    assert cache.times(f"post:{post.pk}") == 2
    assert {"post:*", "list"} <= cache.told[0][1]
    assert cache.told[1][0] - cache.told[0][0] >= 0.3


def test_nothing_is_told_when_nothing_changes(purger: Purger, cache: Recorder) -> None:
    for _ in range(3):
        purger.step()

    assert cache.told == []


def test_purges_are_apart_and_together_lose_nothing(
    purger: Purger, cache: Recorder
) -> None:
    posts = []
    for _ in range(8):
        posts.append(make_post())
        purger.step()
    settle(purger)

    moments = [at for at, _ in cache.told]
    apart = [b - a for a, b in pairwise(moments)]
    assert min(apart) >= 0.1
    assert len(cache.told) < 8
    assert {f"post:{post.pk}" for post in posts} <= cache.tags()


def test_transaction_that_commits_late_is_told(
    purger: Purger, cache: Recorder, connect: Callable[[], Connection]
) -> None:
    early, late = make_post(), make_post()
    settle(purger)
    cache.told.clear()
    session = connect()
    session.execute("UPDATE blog_post SET title = 'x' WHERE id = %s", [late.pk])
    Post.objects.filter(pk=early.pk).update(title="y")
    settle(purger)
    before = cache.tags()

    session.commit()
    settle(purger)

    assert f"post:{late.pk}" not in before
    assert f"post:{late.pk}" in cache.tags()


def test_cache_that_was_away_hears_everything(purger: Purger, cache: Recorder) -> None:
    cache.is_away = True
    first = make_post()
    purger.step()
    second = make_post()
    purger.step()
    cache.is_away = False

    settle(purger)

    assert {f"post:{first.pk}", f"post:{second.pk}"} <= cache.told[0][1]


@pytest.mark.parametrize("was_told_once", [True, False])
def test_worker_that_dies_leaves_its_work_to_the_next(
    purger: Purger, cache: Recorder, was_told_once: bool
) -> None:
    cache.is_away = not was_told_once
    post = make_post()
    purger.step()
    connection.close()
    cache.is_away = False
    cache.told.clear()

    settle(Purger(cache))

    assert f"post:{post.pk}" in cache.told[0][1]


def test_next_worker_counts_on_no_list(purger: Purger, cache: Recorder) -> None:
    connection.close()

    settle(Purger(cache))

    assert cache.tags() == {"list"}


@pytest.mark.parametrize("is_known", [True, False])
def test_whole_site_is_told_where_changes_may_be_forgotten(
    purger: Purger, cache: Recorder, is_known: bool
) -> None:
    if is_known:
        Purge.objects.update(read_at=F("read_at") - timedelta(hours=1))
    else:
        Purge.objects.all().delete()
    connection.close()

    settle(Purger(cache))

    assert cache.tags() == {"site"}


def test_one_worker_tells_at_a_time(
    purger: Purger, cache: Recorder, connect: Callable[[], Connection]
) -> None:
    connection.close()
    session = connect()
    session.execute("SELECT pg_advisory_lock(%s)", [purge.LOCK])
    other = Purger(cache)
    make_post()

    assert other.step() == purge.PAUSE_FOR_OTHERS
    assert cache.told == []

    session.close()
    time.sleep(0.1)
    settle(other)
    assert cache.times("list") == 2


def test_moment_of_a_scheduled_post_is_told(purger: Purger, cache: Recorder) -> None:
    make_post(published_at=timezone.now() + timedelta(seconds=1))
    settle(purger)
    cache.told.clear()
    deadline = time.monotonic() + 3

    while not cache.told and time.monotonic() < deadline:
        time.sleep(purger.step())

    assert cache.tags() == {"list"}


def test_very_many_tags_become_the_site(
    purger: Purger, cache: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purge, "MOST_TAGS", 3)
    make_post()
    make_post()

    settle(purger)

    assert cache.tags() == {"site"}


def test_command_has_everything_forgotten(purger: Purger, cache: Recorder) -> None:
    call_command("purge")

    settle(purger)

    assert cache.tags() == {"site"}


@pytest.fixture
def held(transactional_db: None) -> Iterator[Site]:
    site = Site(front=HeldFront, cache=Varnish("http://127.0.0.1:9"))
    site.start()
    yield site
    site.stop()


class TestHeaders:
    def seconds(self, site: Site, path: str) -> int:
        # What was changed since the last look makes one answer that is not held.
        site.look()
        said = site.get(path).headers.get("surrogate-control", "max-age=0")
        return int(said.removeprefix("max-age="))

    def test_page_is_held_for_a_day(self, held: Site) -> None:
        make_post(slug="here")
        held.look()

        for status in ("fwd=miss", "hit"):
            said = held.get("/posts/here/")

            assert said.cache == status
            assert said.headers["surrogate-control"] == "max-age=86400"
            assert "site" in said.headers["surrogate-key"].split()
            control = "public, max-age=0, must-revalidate"
            assert said.headers["cache-control"] == control

    def test_unchanged_page_is_held_on(self, held: Site) -> None:
        make_post(slug="here")
        held.look()
        etag = held.get("/posts/here/").headers["etag"]

        said = held.get("/posts/here/", {"If-None-Match": etag})

        assert said.status == 304
        assert said.headers["surrogate-control"] == "max-age=86400"
        assert "site" in said.headers["surrogate-key"].split()

    def test_no_page_is_held_beyond_the_next_post(self, held: Site) -> None:
        make_post(published_at=timezone.now() + timedelta(seconds=90))

        assert 80 < self.seconds(held, "/") < 91
        assert 80 < self.seconds(held, "/") < 91

    def test_change_is_seen_without_waiting_for_the_look(self, held: Site) -> None:
        make_post(slug="here", title="Older words")
        held.get("/posts/here/")
        Post.objects.update(title="Newer words")
        time.sleep(0.06)

        said = held.get("/posts/here/")

        assert "Newer words" in said.text
        assert said.headers["surrogate-control"] == "max-age=86400"

    @pytest.mark.parametrize("path", ["/me/", "/posts/missing/", "/accounts/login/"])
    def test_other_answers_are_not_held(self, held: Site, path: str) -> None:
        assert self.seconds(held, path) == 0

    def test_page_after_an_act_is_not_held(self, held: Site) -> None:
        make_post(slug="here")

        said = held.get("/posts/here/?after=3")

        assert said.headers["cache-control"] == "no-store"
        assert "surrogate-control" not in said.headers

    def test_page_is_not_held_when_nobody_knows_whether_it_is_right(
        self, held: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_post(slug="here")
        held.get("/posts/here/")
        monkeypatch.setattr(held.front.freshness, "_has_failed", True)

        said = held.get("/posts/here/")

        assert said.status == 200
        assert "surrogate-control" not in said.headers

    def test_without_a_cache_before_us_nothing_is_said(self, site: Site) -> None:
        make_post(slug="here")

        headers = site.get("/posts/here/").headers

        assert "surrogate-control" not in headers
        assert "cdn-cache-control" not in headers
