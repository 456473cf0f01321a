"""The order of the sides of a question, as its authors change it at the desk."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from blog.models import Post
from comments import opinions
from comments.models import Side, Vote
from tests.comments.test_desk import address, slugs, typed
from tests.concurrency import together
from tests.conftest import Member, signed_in
from tests.factories import make_author, make_post, make_question, take_side

LABELS = ["Tea", "Coffee", "Water", "Juice"]
SLUGS = ["tea", "coffee", "water", "juice"]


@pytest.fixture
def desk(db: None) -> Member:
    return signed_in(make_author())


@pytest.fixture
def post(desk: Member) -> Post:
    post = make_post(author=desk.user)
    make_question(post, sides=LABELS)
    return post


def placed(post: Post, places: dict[int, int], **changes: Any) -> dict[str, Any]:
    """What a browser sends where numbers were typed; else the number of the line."""
    numbers = {
        f"question-side-{index}-place": places.get(index + 1, index + 1)
        for index in range(6)
    }
    known: dict[str, Any] = {"sides": LABELS, "slugs": SLUGS}
    return typed(post, **known | changes) | numbers


@pytest.mark.parametrize(
    ("places", "order"),
    [
        ({}, "tea coffee water juice"),
        ({3: 1}, "water tea coffee juice"),
        ({1: 3}, "coffee water tea juice"),
        ({4: 2}, "tea juice coffee water"),
        ({1: 6}, "coffee water juice tea"),
        ({1: 2, 2: 1}, "coffee tea water juice"),
        ({1: 4, 2: 3, 3: 2, 4: 1}, "juice water coffee tea"),
        ({1: 2, 2: 3, 3: 1}, "water tea coffee juice"),
        ({1: 2, 4: 3}, "coffee tea juice water"),
    ],
)
def test_numbers_give_the_order(
    desk: Member, post: Post, places: dict[int, int], order: str
) -> None:
    response = desk.post(address(post), placed(post, places))

    assert response.status_code == 302
    assert slugs() == order.split()


def test_votes_colors_and_slugs_stay_with_their_sides(desk: Member, post: Post) -> None:
    take_side(post, "tea")
    take_side(post, "water")
    take_side(post, "water")
    colors = dict(Side.objects.values_list("slug", "color"))
    known = dict(Side.objects.values_list("slug", "pk"))

    desk.post(address(post), placed(post, {3: 1, 1: 4}))

    assert slugs() == ["water", "coffee", "juice", "tea"]
    assert dict(Side.objects.values_list("slug", "color")) == colors
    assert dict(Side.objects.values_list("slug", "pk")) == known
    stats = Post.objects.select_related("stats").get(pk=post.pk).stats
    votes = {slug: n["visitors"] for slug, n in stats.side_counts.items()}
    assert votes == {"tea": 1, "coffee": 0, "water": 2, "juice": 0}


def test_readers_see_the_new_order(desk: Member, post: Post) -> None:
    desk.post(address(post), placed(post, {4: 1}))

    page = Client().get(f"/posts/{post.slug}/").text
    places = [page.index(f'data-side="{slug}"') for slug in slugs()]

    assert slugs()[0] == "juice"
    assert places == sorted(places)


def test_new_side_takes_a_place_between_others(desk: Member, post: Post) -> None:
    sides = [*LABELS, "Milk"]

    desk.post(address(post), placed(post, {5: 2}, sides=sides))

    assert slugs() == ["tea", "milk", "coffee", "water", "juice"]


def test_line_without_a_number_keeps_its_place(desk: Member, post: Post) -> None:
    sent = placed(post, {4: 1}) | {"question-side-1-place": ""}

    desk.post(address(post), sent)

    assert slugs() == ["juice", "tea", "coffee", "water"]


def test_wished_order_stays_typed_where_something_is_wrong(
    desk: Member, post: Post
) -> None:
    response = desk.post(address(post), placed(post, {3: 1}, title=""))

    assert response.status_code == 422
    assert 'name="question-side-2-place" value="1"' in response.text
    assert slugs() == SLUGS


@pytest.mark.django_db(transaction=True)
def test_no_vote_is_lost_while_sides_change_places() -> None:
    author = make_author()
    post = make_post(author=author)
    make_question(post, sides=LABELS)
    desks = [signed_in(author) for _ in range(3)]
    orders = [{4: 1}, {1: 4}, {1: 2, 2: 1}]
    sent = [placed(post, order) for order in orders]

    def order(n: int) -> None:
        # Another editor may have saved in between: that is said, and asked again.
        version = Post.objects.get(pk=post.pk).version
        status = (
            desks[n].post(address(post), sent[n] | {"_overwrite": version}).status_code
        )
        assert status in {302, 409}

    acts: list[Any] = [lambda n=n: order(n) for n in range(3)]
    acts += [lambda n=n: take_side(post, SLUGS[n % 4]) for n in range(12)]
    failures = together(acts)

    assert failures == []
    assert sorted(slugs()) == sorted(SLUGS)
    assert Vote.objects.count() == 12
    counts = opinions.recount_sides(post)
    stats = Post.objects.select_related("stats").get(pk=post.pk).stats
    assert stats.side_counts == counts
    assert {slug: n["visitors"] for slug, n in counts.items()} == dict.fromkeys(
        SLUGS, 3
    )
