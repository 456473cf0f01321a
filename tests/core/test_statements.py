from __future__ import annotations

from functools import partial

import pytest
from django.db import transaction
from django.db.models import QuerySet
from django.db.transaction import TransactionManagementError
from pytest_django import DjangoAssertNumQueries

from blog.models import Post, PostStats, Tag
from core.pagecache.tags import collected
from core.statements import Given, Statement
from tests.concurrency import together
from tests.factories import make_post

pytestmark = pytest.mark.django_db


def by_slug() -> QuerySet[Post]:
    return Post.objects.select_related("stats").filter(slug=Given("slug"))


def tagged() -> QuerySet[Tag]:
    return Tag.objects.filter(pk__any_of=Given("pks"))


def test_each_asking_gets_the_rows_of_its_own_values() -> None:
    posts = [make_post(), make_post()]
    statement = Statement(by_slug)

    found = [statement.first(slug=post.slug) for post in posts]

    assert found == posts
    assert statement.first(slug="nobody") is None


def test_words_are_found_once() -> None:
    built = []

    def build() -> QuerySet[Post]:
        built.append(1)
        return by_slug()

    statement = Statement(build)
    for slug in "abc":
        statement.first(slug=slug)

    assert built == [1]


def test_it_sees_what_was_written_meanwhile() -> None:
    statement = Statement(by_slug)
    statement.first(slug="later")

    post = make_post(slug="later")

    assert statement.first(slug="later") == post


def test_joined_rows_come_along(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    post = make_post()
    PostStats.objects.filter(post=post).update(comment_count=7)
    statement = Statement(by_slug)

    with django_assert_num_queries(1):
        found = statement.first(slug=post.slug)
        assert found is not None
        assert found.stats.comment_count == 7


def test_prefetched_rows_are_those_of_the_asking() -> None:
    posts = [make_post(tags=["one"]), make_post(tags=["two", "three"])]
    statement = Statement(lambda: by_slug().prefetch_related("tags"))

    found = [statement.all(slug=post.slug)[0] for post in posts]

    names = [[tag.name for tag in post.tags.all()] for post in found]
    assert names == [["one"], ["three", "two"]]


def test_value_without_a_name_is_an_error() -> None:
    statement = Statement(by_slug)

    with pytest.raises(KeyError, match="slug"):
        statement.first()


def test_value_is_never_a_part_of_the_words() -> None:
    make_post(slug="one")
    statement = Statement(by_slug)

    assert statement.all(slug="' OR true --") == []
    assert statement.all(slug="%s") == []


def test_rows_leave_their_tags_on_the_page() -> None:
    post = make_post()
    statement = Statement(by_slug)

    with collected() as found:
        statement.first(slug=post.slug)

    assert found == {"post": {post.pk}}


@pytest.mark.parametrize("names", [[], ["one"], ["one", "two"]])
def test_any_of_takes_lists_of_any_length(names: list[str]) -> None:
    make_post(tags=["one", "two", "three"])
    statement = Statement(tagged)
    pks = {tag.name: tag.pk for tag in Tag.objects.all()}

    found = statement.all(pks=[pks[name] for name in names])

    assert [tag.name for tag in found] == names


@pytest.mark.django_db(transaction=True)
def test_lock_outside_a_transaction_is_refused_each_time() -> None:
    post = make_post()
    statement = Statement(lambda: by_slug().select_for_update(of=["self"]))
    with transaction.atomic():
        assert statement.first(slug=post.slug) == post

    with pytest.raises(TransactionManagementError, match="outside of a transaction"):
        statement.first(slug=post.slug)


@pytest.mark.django_db(transaction=True)
def test_threads_ask_at_once_each_on_its_own_connection() -> None:
    slugs = [make_post().slug for _ in range(8)]
    statement = Statement(by_slug)

    def ask(slug: str) -> None:
        for _ in range(20):
            found = statement.first(slug=slug)
            assert found is not None
            assert found.slug == slug

    failures = together([partial(ask, slug) for slug in slugs])

    assert failures == []


def test_plain_values_come_as_such() -> None:
    posts = [make_post(), make_post()]
    statement = Statement(lambda: by_slug().values("pk", "slug"))

    found = [statement.all(slug=post.slug) for post in posts]

    assert found == [[{"pk": post.pk, "slug": post.slug}] for post in posts]
