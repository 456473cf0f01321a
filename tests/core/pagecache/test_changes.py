"""No change is lost, in whatever order transactions commit."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from blog.models import Post
from core.models import Change
from core.pagecache import changes
from core.tasks import sweep_changes
from tests.concurrency import until_somebody_waits
from tests.core.pagecache.conftest import Connection, Site
from tests.factories import make_post

pytestmark = pytest.mark.django_db(transaction=True)

RETITLE = "UPDATE blog_post SET title = %s WHERE id = %s"


@contextmanager
def held(session: Connection, statement: str) -> Iterator[None]:
    session.execute(statement)
    yield
    session.rollback()


def test_early_transaction_that_commits_late_is_seen(
    connect: Callable[[], Connection],
) -> None:
    slow, quick = make_post(), make_post()
    early, late = connect(), connect()
    before = changes.read(changes.read(None).snapshot)
    early.execute(RETITLE, ["Slow", slow.pk])
    late.execute(RETITLE, ["Quick", quick.pk])

    late.commit()
    first = changes.read(before.snapshot)
    early.commit()
    second = changes.read(first.snapshot)
    third = changes.read(second.snapshot)

    assert first.tags == {f"post:{quick.pk}"}
    assert second.tags == {f"post:{slow.pk}"}
    assert third.tags == frozenset()


def test_what_is_taken_back_is_no_change(connect: Callable[[], Connection]) -> None:
    post, session = make_post(), connect()
    before = changes.read(None)

    session.execute(RETITLE, ["Never", post.pk])
    session.rollback()

    assert changes.read(before.snapshot).tags == frozenset()


def test_part_of_a_transaction_is_seen_with_the_whole(
    connect: Callable[[], Connection],
) -> None:
    post, session = make_post(), connect()
    before = changes.read(None)

    with session.transaction():
        session.execute("SAVEPOINT s")
        session.execute(RETITLE, ["Inside", post.pk])
        session.execute("RELEASE s")
        session.execute("SELECT 1")

    assert changes.read(before.snapshot).tags == {f"post:{post.pk}"}


def test_mark_is_passed_only_by_a_later_look() -> None:
    earlier = changes.read(None)

    mark = int(changes.mark())

    assert earlier.end <= mark < changes.read(None).end


def test_rows_of_another_server_are_passed_over() -> None:
    before = changes.read(None)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_change (xid, tag) VALUES (%s::text::xid8, 'site')",
            [before.end + 10_000],
        )

    assert changes.read(before.snapshot).tags == frozenset()


def test_old_rows_are_swept() -> None:
    make_post()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_change SET noted_at = now() - interval '3 hours'")
    make_post()
    kept = Change.objects.old().count()

    sweep_changes(0)

    assert kept > 0
    assert Change.objects.exists()
    assert not Change.objects.old().exists()


class TestRenderUnderWay:
    """A page is read first, and kept later: what changes in between counts."""

    def slow_get(
        self,
        site: Site,
        connect: Callable[[], Connection],
        meanwhile: Callable[[], None],
    ) -> str:
        """A page whose render is halfway while `meanwhile` happens."""
        session = connect()
        with held(session, "LOCK TABLE reactions_reactionkind"):
            half = site.begin("/posts/here/")
            until_somebody_waits()
            meanwhile()
        return half.result(10).text

    def test_change_that_was_read_before_its_end_keeps_it_out(
        self, site: Site, connect: Callable[[], Connection]
    ) -> None:
        make_post(slug="here", title="Older words")

        def change() -> None:
            Post.objects.update(title="Newer words")
            site.look()

        halfway = self.slow_get(site, connect, change)

        assert "Older words" in halfway
        assert "Newer words" in site.get("/posts/here/").text

    def test_change_that_is_read_after_its_end_outdates_it(
        self, site: Site, connect: Callable[[], Connection]
    ) -> None:
        make_post(slug="here", title="Older words")

        def change() -> None:
            Post.objects.update(title="Newer words")

        self.slow_get(site, connect, change)
        site.look()

        assert "Newer words" in site.get("/posts/here/").text

    def test_other_changes_do_not(
        self, site: Site, connect: Callable[[], Connection]
    ) -> None:
        make_post(slug="here")
        other = make_post()

        def change() -> None:
            Post.objects.filter(pk=other.pk).update(summary="Else")
            site.look()

        Post.objects.filter(pk=other.pk).update(listed=False)
        site.look()
        self.slow_get(site, connect, change)

        assert site.get("/posts/here/").cache == "hit"

    def test_all_who_wait_share_it(
        self, site: Site, connect: Callable[[], Connection]
    ) -> None:
        make_post(slug="here")
        session = connect()

        with held(session, "LOCK TABLE reactions_reactionkind"):
            waiting = [site.begin("/posts/here/") for _ in range(20)]
            until_somebody_waits()
        answers = [one.result(10) for one in waiting]

        assert {answer.status for answer in answers} == {200}
        assert len({answer.body for answer in answers}) == 1

    def test_old_page_is_shown_when_a_new_one_takes_long(
        self, site: Site, connect: Callable[[], Connection]
    ) -> None:
        make_post(slug="here", title="Older words")
        site.get("/posts/here/")
        Post.objects.update(title="Newer words")
        site.look()

        with held(connect(), "LOCK TABLE reactions_reactionkind"):
            shown = site.get("/posts/here/")

        assert (shown.status, shown.cache) == (200, "fwd=stale")
        assert "Older words" in shown.text


@pytest.mark.parametrize(
    ("known", "found", "is_over"),
    [
        (None, None, False),
        (None, 5.0, False),
        (5.0, 5.1, False),
        (5.0, None, True),
        (5.0, 60.0, True),
        (-1.0, 60.0, True),
    ],
)
def test_moment_that_passes_during_a_look_is_not_missed(
    known: float | None, found: float | None, is_over: bool
) -> None:
    now = time.monotonic()

    assert is_over == changes.has_passed(
        None if known is None else now + known,
        None if found is None else now + found,
    )
