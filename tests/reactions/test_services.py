from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import ProtectedError
from django.db.utils import IntegrityError

from blog import services as blog_services
from blog.models import Post, PostStats
from comments import moderation, services as comment_services
from comments.models import Comment
from reactions import services
from reactions.models import Reaction, ReactionKind
from tests.concurrency import together
from tests.factories import make_comment, make_kinds, make_post, make_user


def kind(slug: str = "love") -> ReactionKind:
    return make_kinds()[slug]


def stored(post: Post) -> dict[str, int]:
    return dict(PostStats.objects.get(post=post).reaction_counts)


@pytest.mark.django_db
class TestSetReaction:
    def test_counts_each_kind_of_a_post(self) -> None:
        post = make_post()

        services.set_reaction(kind=kind(), user=make_user(), post=post, is_on=True)
        services.set_reaction(kind=kind(), user=make_user(), post=post, is_on=True)
        counts = services.set_reaction(
            kind=kind("strong"), user=make_user(), post=post, is_on=True
        )

        assert counts == stored(post) == {"love": 2, "strong": 1}

    def test_on_twice_is_once_and_off_twice_is_none(self) -> None:
        post, user = make_post(), make_user()

        for is_on, expected in [
            (True, {"love": 1}),
            (True, {"love": 1}),
            (False, {}),
            (False, {}),
        ]:
            services.set_reaction(kind=kind(), user=user, post=post, is_on=is_on)
            assert stored(post) == expected

    def test_counts_of_a_comment_stay_with_the_comment(self) -> None:
        comment = make_comment()

        services.set_reaction(
            kind=kind("disagree"), user=make_user(), comment=comment, is_on=True
        )

        comment.refresh_from_db()
        assert comment.reaction_counts == {"disagree": 1}
        assert stored(comment.post) == {}

    def test_hidden_comment_takes_none(self) -> None:
        comment = make_comment()
        moderation.remove_comment(comment)

        with pytest.raises(services.TargetGone):
            services.set_reaction(
                kind=kind(), user=make_user(), comment=comment, is_on=True
            )

    def test_deleted_post_takes_none(self) -> None:
        post = make_post()
        blog_services.delete_post(post)

        with pytest.raises(services.TargetGone):
            services.set_reaction(kind=kind(), user=make_user(), post=post, is_on=True)


@pytest.mark.django_db
class TestConstraints:
    @pytest.mark.parametrize("targets", ["none", "both"])
    def test_reaction_has_one_target(self, targets: str) -> None:
        comment = make_comment()
        fields = {"post": comment.post, "comment": comment} if targets == "both" else {}

        with pytest.raises(IntegrityError, match="reaction_has_one_target"):
            Reaction.objects.create(kind=kind(), user=make_user(), **fields)

    def test_reaction_has_one_reactor(self) -> None:
        with pytest.raises(IntegrityError, match="reaction_has_one_reactor"):
            Reaction.objects.create(kind=kind(), post=make_post())

    def test_reaction_is_given_once(self) -> None:
        fields: dict[str, Any] = {
            "kind": kind(),
            "user": make_user(),
            "post": make_post(),
        }
        Reaction.objects.create(**fields)

        with pytest.raises(IntegrityError, match="reaction_is_given_once"):
            Reaction.objects.create(**fields)

    def test_kind_that_was_given_cannot_be_deleted(self) -> None:
        services.set_reaction(
            kind=kind(), user=make_user(), post=make_post(), is_on=True
        )

        with pytest.raises(ProtectedError):
            kind().delete()


@pytest.mark.django_db
def test_recount_repairs_what_is_wrong() -> None:
    comment = make_comment()
    services.set_reaction(kind=kind(), user=make_user(), post=comment.post, is_on=True)
    PostStats.objects.update(comment_count=7, reaction_counts={"strong": 3})
    Comment.objects.update(reaction_counts={"love": 9}, score=0.5)

    call_command("recount")

    comment.refresh_from_db()
    stats = PostStats.objects.get(post=comment.post)
    assert stats.comment_count == 1
    assert stats.reaction_counts == {"love": 1}
    assert (comment.reaction_counts, comment.score) == ({}, 0)


@pytest.mark.django_db
def test_recount_repairs_a_score_without_counts() -> None:
    comment = make_comment()
    Comment.objects.update(score=0.5)

    call_command("recount")

    comment.refresh_from_db()
    assert comment.score == 0


@pytest.mark.django_db(transaction=True)
class TestAtTheSameTime:
    def test_counts_are_exact_under_32_writers_while_the_author_saves(self) -> None:
        post = make_post()
        target = make_comment(post)
        users = [make_user() for _ in range(32)]
        love, strong = kind(), kind("strong")

        def write(n: int) -> None:
            user = users[n]
            comment_services.submit_comment(
                post=post, author=user, body=f"Comment {n}", key=f"k{n}"
            )
            for sign in (love, strong):
                services.set_reaction(kind=sign, user=user, post=post, is_on=True)
                services.set_reaction(kind=sign, user=user, comment=target, is_on=True)
            if n % 4 == 0:
                services.set_reaction(kind=strong, user=user, post=post, is_on=False)

        def save() -> None:
            for n in range(6):
                current = Post.objects.get(pk=post.pk)
                current.body = f"Other words, version {n}"
                blog_services.save_post(current, editor=None)

        failures = together([lambda n=n: write(n) for n in range(32)] + [save])

        assert failures == []
        stats = PostStats.objects.get(post=post)
        target.refresh_from_db()
        assert stats.comment_count == 33
        assert stats.reaction_counts == {"love": 32, "strong": 24}
        assert target.reaction_counts == {"love": 32, "strong": 32}
        assert Post.objects.get(pk=post.pk).version == 7

    def test_one_person_clicking_ten_times_counts_once(self) -> None:
        post, user, love = make_post(), make_user(), kind()

        failures = together(
            [lambda: services.set_reaction(kind=love, user=user, post=post, is_on=True)]
            * 10
        )

        assert failures == []
        assert stored(post) == {"love": 1}
