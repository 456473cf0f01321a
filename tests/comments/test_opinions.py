from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db.utils import IntegrityError

from accounts.participants import Participant
from blog import services as blog_services
from blog.models import Post, PostStats
from comments import opinions, services
from comments.models import Comment, Question, Side, Vote
from comments.opinions import Counts, SideWish
from tests.concurrency import together
from tests.factories import (
    make_comment,
    make_post,
    make_question,
    make_user,
    take_side,
)

BLUE, ORANGE, GREEN = "blue", "orange", "green"


def stored(post: Post) -> Counts:
    return dict(PostStats.objects.get(post=post).side_counts)


def counted(**sides: tuple[int, int]) -> Counts:
    return {
        slug: {"members": members, "visitors": visitors}
        for slug, (members, visitors) in sides.items()
    }


def wishes(question: Question) -> list[SideWish]:
    """The sides as they stand."""
    return [
        SideWish(side.label, side.color, side.slug) for side in question.sides.all()
    ]


def ask_again(question: Question, sides: list[SideWish]) -> Question:
    return opinions.save_question(question.post, text=question.text, sides=sides)


def slugs(question: Question) -> list[str]:
    return [side.slug for side in question.sides.all()]


@pytest.mark.django_db
class TestSaveQuestion:
    def test_asks_with_sides_in_order_and_counts_from_nothing(self) -> None:
        post = make_post()

        question = opinions.save_question(
            post,
            text="Tea or coffee?",
            sides=[SideWish("Tea", GREEN), SideWish("Coffee", ORANGE)],
            results=Question.Results.AFTER_VOTING,
        )

        assert str(question) == "Tea or coffee?"
        assert not question.shows_results
        assert slugs(question) == ["tea", "coffee"]
        assert stored(post) == counted(tea=(0, 0), coffee=(0, 0))

    @pytest.mark.parametrize("count", [0, 1, 7])
    def test_takes_two_to_six_sides(self, count: int) -> None:
        with pytest.raises(ValueError, match=f"{count} sides"):
            make_question(sides=[f"Side {n}" for n in range(count)])

    def test_slugs_are_made_of_any_label(self) -> None:
        question = make_question(sides=["C++", "C", "C.", "🍵", "🍰", "Ä" * 40])

        assert slugs(question) == [
            "c-plus-plus",
            "c",
            "c-2",
            "side",
            "side-2",
            "ä" * 37,
        ]

    def test_slug_follows_the_label_until_somebody_took_the_side(self) -> None:
        question = make_question(sides=["Vi", "Emacs"])
        vi, emacs = wishes(question)

        ask_again(question, [SideWish("Vim", BLUE, vi.slug), emacs])
        assert slugs(question) == ["vim", "emacs"]

        take_side(question.post, "vim")
        ask_again(question, [emacs, SideWish("Neovim", BLUE, "vim")])
        assert slugs(question) == ["emacs", "vim"]
        assert str(question.sides.get(slug="vim")) == "Neovim"
        assert stored(question.post) == counted(emacs=(0, 0), vim=(0, 1))

    def test_side_that_nobody_took_can_go(self) -> None:
        question = make_question(sides=["A", "B", "C"])
        a, _, c = wishes(question)

        ask_again(question, [c, a])

        assert slugs(question) == ["c", "a"]
        assert set(stored(question.post)) == {"a", "c"}

    def test_side_with_votes_cannot_go(self) -> None:
        question = make_question(sides=["A", "B", "C"])
        take_side(question.post, "b")
        a, _, c = wishes(question)

        with pytest.raises(opinions.SideInUse, match="took the side “B”") as refusal:
            ask_again(question, [a, c])

        assert refusal.value.slug == "b"
        assert slugs(question) == ["a", "b", "c"]

    def test_side_that_a_comment_carries_cannot_go(self) -> None:
        question = make_question(sides=["A", "B", "C"])
        comment = make_comment(question.post)
        Comment.objects.filter(pk=comment.pk).update(
            side=question.sides.get(slug="b"), state="deleted"
        )
        a, _, c = wishes(question)

        with pytest.raises(opinions.SideInUse):
            ask_again(question, [a, c])

    def test_slug_of_no_side_makes_a_new_one(self) -> None:
        question = make_question(sides=["A", "B"])
        a, b = wishes(question)

        ask_again(question, [a, b, SideWish("C", GREEN, "gone"), SideWish("D", BLUE)])

        assert slugs(question) == ["a", "b", "c", "d"]


@pytest.mark.django_db
class TestRemoveQuestion:
    def test_goes_while_nobody_took_a_side(self) -> None:
        question = make_question()

        opinions.remove_question(question.post)
        opinions.remove_question(question.post)

        assert not Question.objects.exists()
        assert stored(question.post) == {}

    def test_stays_once_somebody_did(self) -> None:
        question = make_question()
        take_side(question.post, "pytorch")

        with pytest.raises(opinions.SideInUse, match="close it"):
            opinions.remove_question(question.post)

        assert Question.objects.get().votes.count() == 1

    def test_article_takes_everything_with_it(self) -> None:
        question = make_question()
        take_side(question.post, "pytorch")
        comment = make_comment(question.post)
        Comment.objects.filter(pk=comment.pk).update(side=question.sides.first())

        question.post.delete()

        assert not Question.objects.exists()
        assert not Vote.objects.exists()


@pytest.mark.django_db
class TestSetSide:
    def test_counts_members_and_visitors_apart(self) -> None:
        post = make_question().post

        take_side(post, "pytorch", user=make_user())
        take_side(post, "pytorch", user=make_user())
        take_side(post, "pytorch")
        take_side(post, "tensorflow")

        assert stored(post) == counted(pytorch=(2, 1), tensorflow=(0, 1))

    def test_one_vote_each_which_can_be_changed_and_taken_back(self) -> None:
        post = make_question().post
        voter = Participant(user=make_user())

        for slug, expected in [
            ("pytorch", counted(pytorch=(1, 0), tensorflow=(0, 0))),
            ("pytorch", counted(pytorch=(1, 0), tensorflow=(0, 0))),
            ("tensorflow", counted(pytorch=(0, 0), tensorflow=(1, 0))),
            ("", counted(pytorch=(0, 0), tensorflow=(0, 0))),
            ("", counted(pytorch=(0, 0), tensorflow=(0, 0))),
        ]:
            counts = opinions.set_side(post, voter, slug, network="x")
            assert counts == stored(post) == expected
            assert opinions.side_of(post, voter) == slug

    def test_unknown_side_is_refused_and_the_vote_stays(self) -> None:
        post = make_question().post
        voter = take_side(post, "pytorch")

        for slug in ("keras", "PyTorch", "\0"):
            with pytest.raises(opinions.NoSuchSide):
                opinions.set_side(post, voter, slug, network="x")

        assert opinions.side_of(post, voter) == "pytorch"

    def test_article_that_is_not_public_takes_none(self) -> None:
        asked, unasked = make_question().post, make_post()
        blog_services.unpublish_post(asked)

        for post in (asked, unasked):
            with pytest.raises(opinions.NoQuestion):
                take_side(post, "pytorch")

    def test_closed_question_is_frozen_until_it_is_open_again(self) -> None:
        post = make_question().post
        voter = take_side(post, "pytorch")
        opinions.close_question(post)
        closed_at = Question.objects.get().closed_at
        opinions.close_question(post)

        for slug in ("tensorflow", ""):
            with pytest.raises(opinions.QuestionClosed) as refusal:
                opinions.set_side(post, voter, slug, network="x")
        assert refusal.value.question.closed_at == closed_at
        assert stored(post) == counted(pytorch=(0, 1), tensorflow=(0, 0))

        opinions.reopen_question(post)
        opinions.set_side(post, voter, "tensorflow", network="x")
        assert stored(post) == counted(pytorch=(0, 0), tensorflow=(0, 1))

    def test_nobody_has_taken_no_side(self) -> None:
        post = make_question().post
        take_side(post, "pytorch")

        assert opinions.side_of(post, Participant()) == ""


@pytest.mark.django_db
def test_recount_repairs_what_is_wrong() -> None:
    asked, unasked = make_question().post, make_post()
    take_side(asked, "pytorch")
    PostStats.objects.update(side_counts={"keras": {"members": 9, "visitors": 9}})

    call_command("recount")

    assert stored(asked) == counted(pytorch=(0, 1), tensorflow=(0, 0))
    assert stored(unasked) == {}


@pytest.mark.django_db
class TestConstraints:
    def test_vote_is_cast_once(self) -> None:
        question = make_question()
        side, visitor = question.sides.get(slug="pytorch"), uuid4()
        Vote.objects.create(question=question, side=side, visitor=visitor)

        with pytest.raises(IntegrityError, match="vote_is_cast_once"):
            Vote.objects.create(question=question, side=side, visitor=visitor)

    def test_vote_has_one_voter(self) -> None:
        question = make_question()

        with pytest.raises(IntegrityError, match="vote_has_one_voter"):
            Vote.objects.create(question=question, side=question.sides.all()[0])

    @pytest.mark.parametrize("turning", ["\u202e", "\u2067"])
    def test_no_text_turns_what_comes_after_it(self, turning: str) -> None:
        question = make_question()

        with pytest.raises(IntegrityError, match="side_label_has_no_bidi_control"):
            Side.objects.create(
                question=question, label=f"a{turning}b", slug="x", position=5
            )

    def test_question_does_not_either(self) -> None:
        with pytest.raises(IntegrityError, match="question_text_has_no_bidi_control"):
            make_question(text="a\u202eb")


@pytest.mark.django_db(transaction=True)
class TestAtTheSameTime:
    def test_totals_are_exact_under_32_voters_who_also_write(self) -> None:
        post = make_question(sides=["A", "B", "C"]).post
        users = [make_user() for _ in range(16)]
        visitors = [Participant(visitor=uuid4()) for _ in range(16)]
        voters = [Participant(user=user) for user in users] + visitors

        def vote(n: int) -> None:
            for slug in (final(n + 1), final(n + 2), "", final(n + 3), final(n)):
                opinions.set_side(post, voters[n], slug, network=f"192.0.2.{n}")
            if n < 16:
                services.submit_comment(
                    post=post, author=users[n], body=f"Comment {n}", key=f"k{n}"
                )

        def ask() -> None:
            for n in range(6):
                current = Post.objects.get(pk=post.pk)
                current.body = f"Other words, version {n}"
                blog_services.save_post(current, editor=None)
                question = Question.objects.get(post=post)
                opinions.save_question(post, text=f"{n}?", sides=wishes(question))

        failures = together([lambda n=n: vote(n) for n in range(32)] + [ask])

        assert failures == []
        assert stored(post) == counted(a=(4, 4), b=(4, 4), c=(4, 4))
        assert Vote.objects.count() == 24
        assert PostStats.objects.get(post=post).comment_count == 16

    def test_one_person_clicking_ten_times_counts_once(self) -> None:
        post = make_question().post
        voter = Participant(visitor=uuid4())

        failures = together(
            [lambda: opinions.set_side(post, voter, "pytorch", network="x")] * 10
        )

        assert failures == []
        assert stored(post) == counted(pytorch=(0, 1), tensorflow=(0, 0))

    def test_no_vote_slips_in_after_the_close(self) -> None:
        post = make_question().post
        at_close: list[Counts] = []

        def vote() -> None:
            take_side(post, "pytorch")

        def close() -> None:
            opinions.close_question(post)
            at_close.append(stored(post))

        failures = together([vote] * 12 + [close] + [vote] * 12)

        assert {type(failure) for failure in failures} <= {opinions.QuestionClosed}
        assert at_close == [stored(post)]
        assert stored(post)["pytorch"]["visitors"] == 24 - len(failures)


def final(n: int) -> str:
    """Of four in a row one ends on each side, and one on none."""
    return ["a", "b", "c", ""][n % 4]
