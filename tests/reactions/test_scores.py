from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from comments.models import Comment
from reactions import services
from reactions.models import Reaction, ReactionKind
from reactions.scores import lower_bound, score
from tests.factories import make_comment, make_kinds, make_user


@pytest.mark.parametrize(
    ("positive", "total", "expected"),
    [
        (0, 0, 0.0),
        (0, 10, 0.0),
        (1, 1, 0.2065),
        (5, 10, 0.2366),
        (8, 10, 0.4902),
        (10, 10, 0.7225),
        (50, 100, 0.4038),
        (90, 100, 0.8256),
    ],
)
def test_lower_bound_has_the_known_values(
    positive: int, total: int, expected: float
) -> None:
    assert lower_bound(positive, total) == pytest.approx(expected, abs=5e-5)


def test_more_voices_of_the_same_share_are_worth_more() -> None:
    assert lower_bound(1, 1) < lower_bound(9, 10) < lower_bound(90, 100)


def test_weights_are_for_against_and_nothing() -> None:
    assert score([(1, 3), (1, 5), (-1, 2), (0, 40)]) == lower_bound(8, 10)
    assert score([(0, 40)]) == score([]) == 0


@pytest.mark.django_db
class TestStored:
    def react(self, comment: Comment, *slugs: str) -> float:
        kinds = make_kinds()
        for slug in slugs:
            services.set_reaction(
                kind=kinds[slug], user=make_user(), comment=comment, is_on=True
            )
        comment.refresh_from_db()
        return comment.score

    def test_score_follows_every_reaction(self) -> None:
        comment = make_comment()

        alone = self.react(comment, "love")
        opposed = self.react(comment, "strong", "disagree")

        assert alone == lower_bound(1, 1)
        assert opposed == lower_bound(2, 3)

    def test_taking_it_back_takes_the_score_back(self) -> None:
        comment, user = make_comment(), make_user()
        love = make_kinds()["love"]

        for is_on in (True, False):
            services.set_reaction(kind=love, user=user, comment=comment, is_on=is_on)

        comment.refresh_from_db()
        assert comment.score == 0

    def test_another_weight_is_another_score(
        self, owner_client: Client, run_tasks: Callable[[], None]
    ) -> None:
        opposed, untouched = make_comment(), make_comment()
        self.react(opposed, "disagree", "love")
        self.react(untouched, "love")
        kind = ReactionKind.objects.get(slug="disagree")

        answer = owner_client.post(
            f"/admin/reactions/reactionkind/{kind.pk}/change/",
            {"emoji": kind.emoji, "label": kind.label, "weight": 1, "position": 2},
        )
        run_tasks()

        assert answer.status_code == 302
        opposed.refresh_from_db()
        untouched.refresh_from_db()
        assert opposed.score == lower_bound(2, 2)
        assert untouched.score == lower_bound(1, 1)

    def test_every_comment_is_weighed_in_turns(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        comments = [make_comment() for _ in range(3)]
        love = make_kinds()["love"]
        for comment in comments:
            self.react(comment, "love", "love")
        Comment.objects.update(score=0)
        monkeypatch.setattr(services, "AT_ONCE", 2)

        first = services.recount_some_with(love.pk, after=0)
        assert first == comments[1].pk
        assert services.recount_some_with(love.pk, after=first) == comments[2].pk
        assert services.recount_some_with(love.pk, after=comments[2].pk) is None

        assert set(Comment.objects.values_list("score", flat=True)) == {
            lower_bound(2, 2)
        }
        assert Reaction.objects.count() == 6
