from __future__ import annotations

from typing import Any

import pytest

from blog.models import Post
from comments import opinions
from comments.models import Question, Side
from tests.conftest import Member, signed_in
from tests.factories import (
    make_author,
    make_owner,
    make_post,
    make_question,
    make_user,
    take_side,
)

pytestmark = pytest.mark.django_db

ADD = "/admin/blog/post/add/"
COLORS = list(Side.Color)


@pytest.fixture
def desk() -> Member:
    return signed_in(make_author())


@pytest.fixture
def post(desk: Member) -> Post:
    return make_post(author=desk.user, title="Frameworks")


def address(post: Post) -> str:
    return f"/admin/blog/post/{post.pk}/change/"


def typed(
    post: Post | None = None, text: str = "Tea or coffee?", **changes: Any
) -> dict[str, Any]:
    """What a browser sends: the post as it is, a question and its sides."""
    sides = changes.pop("sides", ["Tea", "Coffee"])
    slugs = changes.pop("slugs", [])
    fields: dict[str, Any] = {
        "title": post.title if post else "A title",
        "slug": post.slug if post else "",
        "body": post.body if post else "Words.",
        "base_version": post.version if post else "",
        "language": "en",
        "comment_policy": "site",
        "listed": "on",
        "question-text": text,
        "question-results": "always",
    }
    for place, color in enumerate(COLORS):
        fields |= {
            f"question-side-{place}-slug": dict(enumerate(slugs)).get(place, ""),
            f"question-side-{place}-label": dict(enumerate(sides)).get(place, ""),
            f"question-side-{place}-color": color,
        }
    return fields | changes


def slugs() -> list[str]:
    return [side.slug for side in Side.objects.all()]


class TestAsking:
    def test_question_comes_with_a_new_article(self, desk: Member) -> None:
        response = desk.post(
            ADD, typed(sides=["Tea", "Coffee", "", "Water"], _publish="")
        )

        assert response.status_code == 302
        question = Question.objects.get(post=Post.objects.get())
        assert (question.text, question.results) == ("Tea or coffee?", "always")
        assert slugs() == ["tea", "coffee", "water"]
        assert [side.color for side in question.sides.all()] == [
            "blue",
            "orange",
            "purple",
        ]

    def test_form_shows_it_again(self, desk: Member, post: Post) -> None:
        make_question(post, results="voted", sides=["Tea", "Coffee"])

        page = desk.get(address(post)).content.decode()

        assert 'value="PyTorch or TensorFlow?"' in page
        assert 'name="question-side-1-slug" value="coffee"' in page
        assert '<option value="voted" selected>' in page
        assert '<details class="desk-card desk-question" open>' in page

    def test_form_is_folded_where_nothing_is_asked(
        self, desk: Member, post: Post
    ) -> None:
        page = desk.get(address(post)).content.decode()

        assert '<details class="desk-card desk-question">' in page
        assert page.count("Color of side") == 6
        assert "How opinion stands</caption>" not in page

    def test_sides_are_renamed_and_keep_their_votes(
        self, desk: Member, post: Post
    ) -> None:
        make_question(post, sides=["Tea", "Coffee"])
        take_side(post, "tea")

        desk.post(
            address(post),
            typed(post, sides=["Green tea", "Coffee"], slugs=["tea", "coffee"]),
        )

        assert slugs() == ["tea", "coffee"]
        assert str(Side.objects.get(votes__isnull=False)) == "Green tea"

    def test_empty_question_is_taken_away(self, desk: Member, post: Post) -> None:
        make_question(post)

        desk.post(address(post), typed(post, text="", slugs=["pytorch"]))

        assert not Question.objects.exists()

    def test_form_without_a_word_of_it_leaves_it(
        self, desk: Member, post: Post
    ) -> None:
        make_question(post)
        sent = {k: v for k, v in typed(post).items() if not k.startswith("question")}

        response = desk.post(address(post), sent)

        assert response.status_code == 302
        assert Question.objects.get().text == "PyTorch or TensorFlow?"

    def test_closes_and_opens(self, desk: Member, post: Post) -> None:
        make_question(post, sides=["Tea", "Coffee"])
        known: dict[str, Any] = {"slugs": ["tea", "coffee"]}

        desk.post(address(post), typed(post, **known, **{"question-is_closed": "on"}))
        closed_at = Question.objects.get().closed_at
        page = desk.get(address(post)).content.decode()
        post.refresh_from_db()
        desk.post(address(post), typed(post, **known))

        assert closed_at
        assert "Closed on" in page
        assert not Question.objects.get().is_closed


class TestRefusals:
    @pytest.mark.parametrize(
        ("sent", "field", "sentence"),
        [
            ({"text": ""}, "text", "of which question"),
            ({"text": "\u200b"}, "text", "can be seen"),
            ({"text": "x" * 201}, "text", "at most 200"),
            ({"sides": ["Tea"]}, "side-1-label", "at least two sides"),
            ({"sides": []}, "side-0-label", "at least two sides"),
            ({"sides": ["Tea", "tea"]}, "side-1-label", "has this label"),
            ({"sides": ["Tea", "\u2800"]}, "side-1-label", "can be seen"),
            ({"sides": ["Tea", "x" * 41]}, "side-1-label", "at most 40"),
            ({"question-side-1-color": "blue"}, "side-1-color", "has this color"),
            ({"question-side-1-color": "pink"}, "side-1-color", "valid choice"),
            ({"question-results": "never"}, "results", "valid choice"),
            ({"question-side-1-place": "0"}, "side-1-place", "greater than"),
            ({"question-side-1-place": "7"}, "side-1-place", "less than"),
            ({"question-side-1-place": "x"}, "side-1-place", "whole number"),
        ],
    )
    def test_is_told_at_the_field_and_nothing_is_saved(
        self, desk: Member, sent: dict[str, Any], field: str, sentence: str
    ) -> None:
        response = desk.post(ADD, typed(**sent))
        page = response.content.decode()
        control = page.index(f'name="question-{field}"')
        errors = page[control : page.index("</ul>", control)]

        assert response.status_code == 422
        assert sentence in errors
        assert f'href="#id_question-{field}"' in page
        assert not Post.objects.exists()

    def test_typed_text_stays_when_something_else_is_wrong(self, desk: Member) -> None:
        response = desk.post(ADD, typed(text="Half a question", sides=["A"], title=""))
        page = response.content.decode()

        assert response.status_code == 422
        assert 'value="Half a question"' in page
        assert 'name="question-side-0-label" value="A"' in page
        assert page.count("at least two sides") == 1

    def test_turning_characters_are_left_out(self, desk: Member) -> None:
        desk.post(ADD, typed(text="A\u202e or B?", sides=["\u2067A", "B"]))

        assert Question.objects.get().text == "A or B?"
        assert slugs() == ["a", "b"]

    def test_taken_side_cannot_go_and_the_words_are_not_saved_either(
        self, desk: Member, post: Post
    ) -> None:
        make_question(post, sides=["Tea", "Coffee", "Water"])
        take_side(post, "water")

        response = desk.post(
            address(post),
            typed(post, slugs=["tea", "coffee", "water"], body="Newer words."),
        )
        page = response.content.decode()

        assert response.status_code == 422
        assert "Readers took the side “Water”" in page
        assert 'href="#id_question-side-2-label"' in page
        assert "Newer words." in page
        post.refresh_from_db()
        assert "Newer" not in post.body
        assert slugs() == ["tea", "coffee", "water"]

    def test_taken_question_cannot_go(self, desk: Member, post: Post) -> None:
        make_question(post)
        take_side(post, "pytorch")

        response = desk.post(address(post), typed(post, text="", sides=[]))

        assert response.status_code == 422
        assert "You can close it" in response.content.decode()
        assert Question.objects.exists()

    def test_other_people_do_not_reach_it(self, post: Post) -> None:
        for stranger in (make_author(), make_user()):
            response = signed_in(stranger).post(address(post), typed(post))
            assert response.status_code in {403, 404}
        assert not Question.objects.exists()


class TestResults:
    def test_authors_and_the_owner_always_see_them(
        self, desk: Member, post: Post
    ) -> None:
        make_question(post, results="voted")
        take_side(post, "pytorch", user=make_user())
        for _ in range(6):
            take_side(post, "tensorflow", network="198.51.100.1")
        opinions.close_question(post)

        for asker in (desk, signed_in(make_owner())):
            page = " ".join(asker.get(address(post)).content.decode().split())
            assert "PyTorch</th><td>1</td><td>1</td><td>0</td><td>14 %</td>" in page
            assert "TensorFlow</th><td>6</td><td>0</td><td>6</td><td>86 %</td>" in page
            assert "6 (100 %) come from networks with unusually many" in page
            assert "estimate" in page
