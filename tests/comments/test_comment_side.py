from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from comments import opinions, services
from comments.models import Comment, Question, Side, Vote
from tests.conftest import Member, signed_in
from tests.factories import make_post, make_question, make_user

pytestmark = pytest.mark.django_db

URL = "/posts/frameworks/comments/new/"


@pytest.fixture
def question() -> Question:
    return make_question(make_post(slug="frameworks"))


def say(client: Client, side: str, **headers: Any) -> Any:
    sent = {"body": "My reasons", "key": "k", "side": side}
    return client.post(URL, sent, headers=headers)


class TestForm:
    def test_offers_the_sides_and_none_is_chosen(
        self, member_client: Member, question: Question
    ) -> None:
        page = member_client.get(URL).content.decode()

        assert page.count('name="side"') == 3
        assert 'value="" id="comment-side_0" checked' in page
        assert "It is not a vote." in page

    def test_begins_with_the_side_one_has_voted_for(
        self, member_client: Member, question: Question
    ) -> None:
        member_client.post("/posts/frameworks/side/", {"side": "tensorflow"})

        page = member_client.get(URL).content.decode()

        assert 'value="tensorflow" id="comment-side_2" checked' in page

    def test_offers_them_to_guests_too(
        self, client: Client, question: Question
    ) -> None:
        client.post("/posts/frameworks/side/", {"side": "pytorch"})

        page = client.get(URL).content.decode()

        assert 'name="email"' in page
        assert 'value="pytorch" id="comment-side_1" checked' in page

    def test_says_nothing_of_sides_where_nothing_is_asked(
        self, member_client: Member
    ) -> None:
        make_post(slug="frameworks")

        assert b'name="side"' not in member_client.get(URL).content


class TestComment:
    def test_carries_its_side_and_does_not_vote(
        self, member_client: Member, question: Question
    ) -> None:
        say(member_client, "pytorch")

        assert str(Comment.objects.get().side) == "PyTorch"
        assert not Vote.objects.exists()
        page = member_client.get("/posts/frameworks/").content.decode()
        assert "takes the side: </span>PyTorch" in page

    def test_keeps_it_when_its_writer_votes_otherwise(
        self, member_client: Member, question: Question
    ) -> None:
        say(member_client, "pytorch")
        member_client.post("/posts/frameworks/side/", {"side": "tensorflow"})

        assert str(Comment.objects.get().side) == "PyTorch"

    def test_takes_none_where_none_is_chosen(
        self, member_client: Member, question: Question
    ) -> None:
        say(member_client, "")

        assert Comment.objects.get().side is None

    def test_can_be_written_after_the_question_was_closed(
        self, member_client: Member, question: Question
    ) -> None:
        opinions.close_question(question.post)

        say(member_client, "pytorch")

        assert str(Comment.objects.get().side) == "PyTorch"

    @pytest.mark.parametrize("is_asked", [True, False])
    def test_with_an_unknown_side_comes_back(
        self, member_client: Member, is_asked: bool
    ) -> None:
        post = make_post(slug="frameworks")
        if is_asked:
            make_question(post)

        page = say(member_client, "keras")
        said = say(member_client, "keras", Accept="application/json")

        assert page.status_code == said.status_code == 422
        assert b"There is no such side" in page.content
        assert b"My reasons" in page.content
        assert list(said.json()["errors"]) == ["side" if is_asked else "__all__"]
        assert not Comment.objects.exists()


class TestSubmit:
    def test_refuses_the_side_of_another_question(self, question: Question) -> None:
        other = make_question()

        with pytest.raises(services.SideGone):
            submit(question, other.sides.all()[0])

    def test_refuses_a_side_that_went_meanwhile(self, question: Question) -> None:
        side = question.sides.all()[0]
        Side.objects.filter(pk=side.pk).delete()

        with pytest.raises(services.SideGone):
            submit(question, side)


def submit(question: Question, side: Side) -> Comment:
    return services.submit_comment(
        post=question.post, author=make_user(), body="Words", key="k", side=side
    )


def test_side_that_goes_between_form_and_store_is_told_at_the_field(
    question: Question,
) -> None:
    # Its last two sides are others than those the browser was shown.
    member = signed_in(make_user())
    opinions.save_question(
        question.post,
        text="Which?",
        sides=[opinions.SideWish("Keras", "red"), opinions.SideWish("JAX", "teal")],
    )

    response = say(member, "pytorch")

    assert response.status_code == 422
    assert b'value="jax"' in response.content
