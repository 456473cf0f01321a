from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from comments import ballots, opinions, tasks
from comments.ballots import Suspicion
from comments.models import Question, Vote
from tests.factories import make_question, make_user, take_side

pytestmark = pytest.mark.django_db


@pytest.fixture
def question() -> Question:
    return make_question()


def vote_from(question: Question, network: str, count: int) -> None:
    side = question.sides.all()[0]
    origin = ballots.digest(question, network)
    Vote.objects.bulk_create(
        Vote(question=question, side=side, visitor=uuid4(), network=origin)
        for _ in range(count)
    )


class TestNetwork:
    def test_of_a_visitor_is_kept_as_a_keyed_digest(
        self, question: Question, settings: object
    ) -> None:
        take_side(question.post, "pytorch", network="192.0.2.1")
        first = Vote.objects.get().network
        settings.SECRET_KEY = "another key " * 5  # type: ignore[attr-defined]

        assert len(first) == 64
        assert "192.0.2" not in first
        assert ballots.digest(question, "192.0.2.1") != first

    def test_is_another_on_every_question(self, question: Question) -> None:
        other = make_question()

        assert ballots.digest(question, "a") == ballots.digest(question, "a")
        assert ballots.digest(question, "a") != ballots.digest(other, "a")
        assert ballots.digest(question, "a") != ballots.digest(question, "b")

    def test_of_a_member_is_not_kept(self, question: Question) -> None:
        take_side(question.post, "pytorch", user=make_user())

        assert Vote.objects.get().network == ""

    def test_stays_that_of_the_first_vote(self, question: Question) -> None:
        voter = take_side(question.post, "pytorch", network="a")
        before = Vote.objects.get().network

        opinions.set_side(question.post, voter, "tensorflow", network="b")

        assert Vote.objects.get().network == before

    def test_is_forgotten_after_thirty_days(
        self, question: Question, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(ballots, "BATCH", 2)
        vote_from(question, "a", 5)
        old = timezone.now() - timedelta(days=30, minutes=1)
        Vote.objects.update(created_at=old)
        vote_from(question, "b", 1)

        tasks.forget_networks(0)

        assert Vote.objects.count() == 6
        assert Vote.objects.exclude(network="").count() == 1
        assert ballots.forget_networks() == 0


class TestSuspicion:
    def test_is_nothing_before_the_first_vote(self, question: Question) -> None:
        assert ballots.suspicion(question) == Suspicion(known=0, suspicious=0)
        assert ballots.suspicion(question).percent == 0

    def test_household_is_not_suspicious(self, question: Question) -> None:
        vote_from(question, "home", 5)

        assert ballots.suspicion(question) == Suspicion(known=5, suspicious=0)

    def test_more_than_five_from_one_network_are_while_there_are_few(
        self, question: Question
    ) -> None:
        vote_from(question, "stuffer", 6)
        for n in range(8):
            vote_from(question, f"home {n}", 3)

        found = ballots.suspicion(question)

        assert found == Suspicion(known=30, suspicious=6)
        assert found.percent == 20

    def test_where_all_networks_have_many_only_far_more_is_suspicious(
        self, question: Question
    ) -> None:
        for n in range(10):
            vote_from(question, f"school {n}", 3)
        vote_from(question, "large school", 15)
        vote_from(question, "stuffer", 16)

        assert ballots.suspicion(question) == Suspicion(known=61, suspicious=16)

    def test_looks_at_one_question_alone(self, question: Question) -> None:
        vote_from(question, "stuffer", 20)

        assert ballots.suspicion(make_question()).known == 0
