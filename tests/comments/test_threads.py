"""How threads stand on a page: their order, their levels, and the way to the rest."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries as NumQueries

from blog.models import Post
from comments import moderation, opinions
from comments.models import Comment, Side
from comments.opinions import SideWish
from comments.places import address_of
from comments.threads import load_first, load_page, load_side, load_thread
from tests.factories import make_comment, make_post
from tests.threads import make_threads

pytestmark = pytest.mark.django_db

LEVEL = re.compile(r'<li class="reply reply--(\d)">.*?id="comment-(\w+)"', re.DOTALL)


@pytest.fixture
def post() -> Post:
    return make_post(slug="talk")


@pytest.fixture
def sides(post: Post) -> list[Side]:
    wishes = [SideWish("Tabs", "blue"), SideWish("Spaces", "orange")]
    question = opinions.save_question(post, text="Tabs or spaces?", sides=wishes)
    return list(question.sides.all())


def page_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.text


def branch(start: Comment, depth: int) -> list[Comment]:
    """A reply, a reply to it, and so on."""
    found = [start]
    for _ in range(depth):
        found.append(make_comment(parent=found[-1]))
    return found[1:]


class TestOrder:
    def test_replies_follow_what_they_answer_and_are_set_in(
        self, client: Client, post: Post
    ) -> None:
        start = make_comment(post)
        first, second = make_comment(parent=start), make_comment(parent=start)
        third = make_comment(parent=first)
        fourth = make_comment(parent=third)

        page = page_of(client, "/posts/talk/comments/")

        assert LEVEL.findall(page) == [
            ("1", first.public_id),
            ("2", third.public_id),
            ("3", fourth.public_id),
            ("1", second.public_id),
        ]

    def test_deeper_ones_stand_flat_and_say_whom_they_answer(
        self, client: Client, post: Post
    ) -> None:
        _, _, third, fourth, fifth = branch(make_comment(post), 5)

        page = page_of(client, "/posts/talk/comments/")

        assert [level for level, _ in LEVEL.findall(page)] == ["1", "2", "3", "3", "3"]
        for reply, parent in ((fourth, third), (fifth, fourth)):
            assert parent.author
            assert (
                f'<a class="u-in-reply-to" href="/comments/{parent.public_id}/">'
                f"in reply to @{parent.author.handle}</a>"
            ) in page
            assert f'id="comment-{reply.public_id}"' in page

    def test_what_stands_under_what_it_answers_says_so_only_to_the_ear(
        self, client: Client, post: Post
    ) -> None:
        branch(make_comment(post), 3)

        page = page_of(client, "/posts/talk/comments/")

        assert page.count('<p class="comment__context visually-hidden">') == 3
        assert page.count("comment__context") == 3

    def test_page_that_begins_inside_a_branch_says_whom_that_answers(
        self, client: Client, post: Post
    ) -> None:
        start = make_comment(post)
        first, second, third = branch(start, 3)
        assert second.author

        page = page_of(
            client,
            f"/posts/talk/comments/?thread={start.public_id}&at={third.public_id}",
        )

        assert LEVEL.findall(page) == [("1", third.public_id)]
        assert f"in reply to @{second.author.handle}</a>" in page
        assert f'id="comment-{start.public_id}"' in page
        assert f'id="comment-{first.public_id}"' not in page

    def test_answers_to_what_vanished_stand_one_level_up(self, post: Post) -> None:
        first, second, third = branch(make_comment(post), 3)
        moderation.remove_comment(first)
        moderation.remove_comment(second)

        (thread,) = load_page(post, "oldest", "").threads

        assert [(one.comment, one.level) for one in thread.replies] == [
            (second, 1),
            (third, 2),
        ]


class TestFold:
    def test_replies_fold_and_say_how_many_they_are(
        self, client: Client, post: Post
    ) -> None:
        make_threads(post, 1, replies=1)
        make_threads(post, 1, replies=3)
        make_threads(post, 1, replies=4)

        page = page_of(client, "/posts/talk/")

        assert page.count('<details class="thread__fold"') == page.count(" open>") == 3
        summaries = re.findall(r"data-count>([^<]+)<", page)
        assert summaries == ["1 reply", "3 replies", "The first 3 replies"]

    def test_nothing_folds_where_nobody_answered(
        self, client: Client, post: Post
    ) -> None:
        make_comment(post)

        assert "<details" not in page_of(client, "/posts/talk/comments/")


class TestSorts:
    def test_top_is_best_first_and_older_first_among_equals(self, post: Post) -> None:
        threads = make_threads(post, 4)
        for thread, score in zip(threads, (0.1, 0.6, 0.1, 0.9), strict=True):
            Comment.objects.filter(pk=thread.pk).update(score=score)

        page = load_page(post, "top", "")

        assert [thread.start.comment for thread in page.threads] == [
            threads[n] for n in (3, 1, 0, 2)
        ]

    def test_pages_of_an_order_follow_each_other(
        self, client: Client, post: Post
    ) -> None:
        make_threads(post, 101)

        second = page_of(client, "/posts/talk/comments/?sort=top&page=2")

        assert 'href="/posts/talk/comments/?sort=top"' in second
        assert 'href="/posts/talk/comments/?sort=top&amp;page=3"' in second

    def test_current_order_is_marked(self, client: Client, post: Post) -> None:
        page = page_of(client, "/posts/talk/comments/?sort=top")

        assert 'href="/posts/talk/comments/?sort=top" aria-current="true">Top' in page
        assert page.count("aria-current") == 1


class TestSides:
    def test_side_alone_is_flat_with_its_replies(
        self, client: Client, post: Post, sides: list[Side]
    ) -> None:
        start, other = make_comment(post), make_comment(post)
        reply = make_comment(parent=other)
        make_comment(parent=start)
        Comment.objects.filter(pk__in=[start.pk, reply.pk]).update(side=sides[0])

        page = page_of(client, "/posts/talk/comments/?side=tabs")

        assert re.findall(r'id="comment-(\w+)"', page) == [
            start.public_id,
            reply.public_id,
        ]
        assert other.author
        assert f"in reply to @{other.author.handle}</a>" in page

    def test_hidden_ones_are_not_among_them(
        self, post: Post, sides: list[Side]
    ) -> None:
        start = make_comment(post)
        make_comment(parent=start)
        Comment.objects.update(side=sides[0])
        moderation.remove_comment(start)

        page = load_side(post, sides[0], "oldest", "")

        assert start not in [thread.start.comment for thread in page.threads]
        assert len(page.threads) == 1

    def test_order_and_pages_keep_the_side(
        self, client: Client, post: Post, sides: list[Side]
    ) -> None:
        threads = make_threads(post, 51)
        Comment.objects.update(side=sides[1])

        page = page_of(client, "/posts/talk/comments/?side=spaces&sort=newest")

        address = "/posts/talk/comments/?side=spaces&amp;sort=newest"
        assert f'rel="next" href="{address}&amp;page=2"' in page
        assert f'href="{address}" aria-current="true"' in page
        assert 'href="/posts/talk/comments/?side=tabs&amp;sort=newest"' in page
        assert page.index(threads[50].public_id) < page.index(threads[1].public_id)
        assert threads[0].public_id not in page

    def test_without_a_question_there_are_none(
        self, client: Client, post: Post
    ) -> None:
        assert "conversation__sides" not in page_of(client, "/posts/talk/comments/")
        assert client.get("/posts/talk/comments/?side=tabs").status_code == 404

    def test_locked_thread_takes_no_replies_here_either(
        self, client: Client, post: Post, sides: list[Side]
    ) -> None:
        start = make_comment(post)
        reply = make_comment(parent=start)
        Comment.objects.filter(pk=reply.pk).update(side=sides[0])
        Comment.objects.filter(pk=start.pk).update(locked_at=start.created_at)

        page = page_of(client, "/posts/talk/comments/?side=tabs")

        assert "Thread locked" in page
        assert 'data-act="reply"' not in page


class TestThreadAlone:
    def test_earlier_and_later_replies_are_a_page_away(self, post: Post) -> None:
        (start,) = make_threads(post, 1, replies=250)
        replies = list(Comment.objects.filter(thread=start).in_thread_order())

        page = load_thread(post, start.public_id, replies[130].public_id)

        shown = [one.comment for one in page.threads[0].replies]
        assert shown == replies[130:230]
        assert page.threads[0].summary == "100 more replies"
        assert page.previous_url.endswith(f"&at={replies[30].public_id}")
        assert page.next_url.endswith(f"&at={replies[230].public_id}")

    def test_page_may_begin_with_what_was_removed_since(self, post: Post) -> None:
        (start,) = make_threads(post, 1, replies=3)
        first, second, third = Comment.objects.filter(thread=start).in_thread_order()
        moderation.remove_comment(second)

        page = load_thread(post, start.public_id, second.public_id)

        assert [one.comment for one in page.threads[0].replies] == [third]
        assert page.previous_url.endswith(f"?thread={start.public_id}")
        assert first.pk

    def test_reply_of_another_thread_is_no_place_in_it(self, post: Post) -> None:
        start, other = make_threads(post, 2, replies=1)
        stranger = Comment.objects.get(thread=other)

        with pytest.raises(Comment.DoesNotExist):
            load_thread(post, start.public_id, stranger.public_id)


class TestPermalink:
    def test_leads_to_a_reply_of_any_depth(self, client: Client, post: Post) -> None:
        replies = branch(make_comment(post), 8)

        for reply in replies:
            target = client.get(f"/comments/{reply.public_id}/")["Location"]
            assert f'id="comment-{reply.public_id}"' in page_of(client, target)

    @pytest.mark.parametrize("place", [0, 1, 2, 50, 99, 100, 149])
    def test_leads_into_a_long_branch(
        self, client: Client, post: Post, place: int
    ) -> None:
        (start,) = make_threads(post, 1, replies=120)
        first = Comment.objects.filter(thread=start).in_thread_order()[110]
        fields = {"post": post, "thread": start, "body": "x", "body_html": "<p>x</p>"}
        deep = Comment.objects.bulk_create(
            Comment(
                **fields,
                author=first.author,
                key=f"deep-{n}",
                parent=first,
                ancestors=[start.pk, first.pk],
            )
            for n in range(150)
        )

        target = client.get(f"/comments/{deep[place].public_id}/")["Location"]

        assert f"?thread={start.public_id}&at=" in target
        assert f'id="comment-{deep[place].public_id}"' in page_of(client, target)

    def test_each_is_found_in_its_own_conversation(self, post: Post) -> None:
        make_threads(post, 25)
        first = make_comment(make_post(slug="quiet"))

        assert address_of(first) == f"/posts/quiet/#comment-{first.public_id}"
        assert "/posts/talk/comments/#" in address_of(make_comment(post))
        assert address_of(first) == f"/posts/quiet/#comment-{first.public_id}"

    def test_near_ones_share_a_page(self, post: Post) -> None:
        (start,) = make_threads(post, 1, replies=300)
        late = Comment.objects.filter(thread=start).in_thread_order()[200]
        answer = make_comment(parent=late)
        again = make_comment(parent=answer)

        pages = {address_of(one).partition("#")[0] for one in (late, answer, again)}

        assert len(pages) == 1

    def test_thread_far_down_is_shown_alone(self, client: Client, post: Post) -> None:
        threads = make_threads(post, 201)

        near, far = (address_of(threads[n]) for n in (199, 200))

        assert near.startswith("/posts/talk/comments/?page=4#")
        assert far.startswith(f"/posts/talk/comments/?thread={threads[200].public_id}#")
        assert f'id="comment-{threads[200].public_id}"' in page_of(client, far)


def test_each_article_shows_its_own_threads(post: Post) -> None:
    other = make_post()
    threads = [make_threads(one, 3, replies=2) for one in (post, other)]

    for one, expected in zip((post, other), threads, strict=True):
        page = load_first(one)
        assert [thread.start.comment for thread in page.threads] == expected
        assert all(len(thread.replies) == 2 for thread in page.threads)


def test_every_page_costs_a_fixed_number_of_queries(
    post: Post, sides: list[Side], django_assert_num_queries: NumQueries
) -> None:
    threads = make_threads(post, 60, replies=8)
    Comment.objects.update(side=sides[0])
    middle = Comment.objects.filter(thread=threads[0]).in_thread_order()[4]

    with django_assert_num_queries(2):
        load_first(post)
    with django_assert_num_queries(3):
        load_page(post, "top", "2")
    with django_assert_num_queries(2):
        load_side(post, sides[0], "newest", "2")
    with django_assert_num_queries(2):
        load_thread(post, threads[0].public_id, "")
    with django_assert_num_queries(4):
        load_thread(post, threads[0].public_id, middle.public_id)
