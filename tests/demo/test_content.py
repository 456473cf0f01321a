from __future__ import annotations

import shutil
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from django.db.models import F
from django.utils import timezone
from PIL import Image as Pillow

from accounts.models import User
from blog.models import Image, Post, PostStats, Tag
from comments.models import Comment, Guest, Question, Vote
from core.models import Mark
from demo import services
from reactions.models import Reaction
from tests.factories import make_kinds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client
    from pytest_django import DjangoDbBlocker


IMAGES = services.CONTENT / "images"


@pytest.fixture(scope="module")
def small_content(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The same content with tiny pictures: the large ones take seconds."""
    content = tmp_path_factory.mktemp("demo") / "content"
    shutil.copytree(services.CONTENT, content)
    for path in (content / "images").iterdir():
        with Pillow.open(path) as image:
            image.resize((160, 90)).save(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(services, "CONTENT", content)
        patch.setattr(services, "ARTICLES", content / "articles")
        yield


@pytest.fixture(scope="module")
def demo(
    django_db_setup: None, small_content: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """The demo content, loaded once for all tests that only look at it."""
    with django_db_blocker.unblock():
        make_kinds()
        services.load_demo()
        yield
        clear()


def clear() -> None:
    Comment.objects.all().delete()
    Guest.objects.all().delete()
    Post.objects.all().delete()
    Tag.objects.all().delete()
    Image.objects.all().delete()
    User.objects.filter(handle__startswith="demo_").delete()
    Mark.objects.all().delete()


@pytest.mark.django_db
@pytest.mark.usefixtures("demo")
class TestContent:
    def test_has_articles_in_every_state(self) -> None:
        states = [post.state for post in Post.objects.all()]

        assert states.count(Post.State.PUBLISHED) >= 12
        assert states.count(Post.State.SCHEDULED) == 1
        assert states.count(Post.State.DRAFT) == 1
        assert Post.objects.published().filter(featured_at__isnull=False).exists()

    def test_every_article_and_list_can_be_read(self, client: Client) -> None:
        slugs = Post.objects.published().values_list("slug", flat=True)
        addresses = ["/", "/@demo_ada/", *(f"/posts/{slug}/" for slug in slugs)]

        answers = {address: client.get(address).status_code for address in addresses}

        assert set(answers.values()) == {200}, answers

    def test_longest_article_compares_two_frameworks(self) -> None:
        longest = max(Post.objects.all(), key=lambda post: post.word_count)

        assert longest.slug == "pytorch-or-tensorflow"
        assert 1_700 < longest.word_count < 2_600

    def test_covers_say_what_they_show(self) -> None:
        for post in Post.objects.exclude(cover=None):
            assert post.cover_alt, post.slug

    def test_pictures_in_the_text_are_in_the_blog(self) -> None:
        for post in Post.objects.all():
            assert "../images" not in post.body, post.slug
            assert post.body_html.count("<img") == post.body.count("![")

    def test_dates_are_of_late_and_in_the_past(self) -> None:
        newest = Post.objects.published().newest_first()[0]
        assert newest.published_at
        age = timezone.now() - newest.published_at

        assert timedelta(days=2) < age < timedelta(days=5)
        assert not any(post.is_edited for post in Post.objects.published())
        assert not Comment.objects.filter(created_at__lt=F("parent__created_at"))
        assert not Comment.objects.filter(created_at__gt=timezone.now()).exists()

    def test_counters_are_right(self) -> None:
        for stats in PostStats.objects.all():
            comments = Comment.objects.filter(post=stats.post_id)
            given = Reaction.objects.filter(post=stats.post_id)

            assert stats.comment_count == comments.count()
            assert sum(stats.reaction_counts.values()) == given.count()

    def test_comparison_asks_its_question(self, client: Client) -> None:
        question = Question.objects.get(post__slug="pytorch-or-tensorflow")
        votes = Vote.objects.filter(question=question)
        page = client.get("/posts/pytorch-or-tensorflow/").content.decode()

        assert str(question) == "PyTorch or TensorFlow?"
        assert [str(side) for side in question.sides.all()] == [
            "PyTorch",
            "TensorFlow",
            "Whichever the team knows",
        ]
        assert votes.filter(visitor=None).count() == 10
        assert votes.filter(user=None).count() == 17
        assert 'data-side="pytorch" value="13"' in page
        assert Comment.objects.filter(side__question=question).count() >= 6

    def test_guests_speak_whose_address_leads_nowhere(self) -> None:
        said = Comment.objects.filter(guest__isnull=False)

        assert {comment.guest_name for comment in said} == {"Marit", "Oskar"}
        assert all(comment.is_visible for comment in said)
        emails = Guest.objects.values_list("email", flat=True)
        assert all(email.endswith(".invalid") for email in emails)

    def test_conversations_have_replies(self) -> None:
        assert Comment.objects.count() >= 25
        assert Comment.objects.filter(parent__parent__isnull=False).exists()

    def test_best_threads_of_the_comparison_are_not_its_oldest(self) -> None:
        post = Post.objects.get(title__contains="PyTorch or TensorFlow?")
        starts = list(Comment.objects.on_post(post).starting_threads().oldest_first())

        best = sorted(starts, key=lambda comment: -comment.score)

        assert best[0] != starts[0]
        assert best[-1] != starts[-1]

    def test_accounts_are_marked_and_cannot_sign_in(self) -> None:
        people = User.objects.filter(handle__startswith="demo_")

        assert people.count() == User.objects.count() >= 10
        for user in people:
            assert "(demo)" in user.display_name
            assert user.email.endswith(".invalid")
            assert not user.is_active
            assert not user.has_usable_password()
            assert not user.is_staff

    def test_is_not_loaded_twice(self) -> None:
        services.load_demo()

        count = len(list(services.ARTICLES.glob("*.md")))
        assert Post.objects.count() == count


def test_conversation_is_about_articles_that_are_there() -> None:
    talk = yaml.safe_load((services.CONTENT / "conversations.yaml").read_text())
    slugs = {article.slug for article in services.read_articles()}

    assert set(talk["posts"]) <= slugs


def test_articles_are_spread_over_time() -> None:
    dates = sorted(article.date for article in services.read_articles() if article.date)

    assert all(a < b for a, b in pairwise(dates))


def test_pictures_are_sharp_and_small() -> None:
    paths = list(IMAGES.iterdir())
    for path in paths:
        with Pillow.open(path) as image:
            assert image.width >= 960

    assert sum(path.stat().st_size for path in paths) < 1_500_000


def test_every_picture_is_shown() -> None:
    texts = "".join(path.read_text() for path in services.ARTICLES.glob("*.md"))

    assert [path.name for path in IMAGES.iterdir() if path.name not in texts] == []


def entries(thread: list[dict[str, Any]], level: int = 1) -> Iterator[dict[str, Any]]:
    for entry in thread:
        yield entry | {"level": level}
        yield from entries(entry.get("replies", []), level + 1)


def test_comparison_has_a_conversation_worth_reading() -> None:
    talk = yaml.safe_load((services.CONTENT / "conversations.yaml").read_text())
    post = talk["posts"]["pytorch-or-tensorflow"]
    said = list(entries(post["thread"]))
    sides = {side["slug"] for side in post["question"]["sides"]}

    assert 6 <= len(post["thread"]) <= 9
    assert 20 <= len(said) <= 30
    assert sum(entry["level"] >= 4 for entry in said) >= 3
    assert sum("guest" in entry for entry in said) in {2, 3}
    assert {entry["side"] for entry in said if "side" in entry} == sides
    assert set(post["question"]["votes"]) == sides
    assert sum(post["question"]["votes"].values()) <= len(talk["accounts"])


def test_answers_to_one_comment_come_one_after_the_other() -> None:
    talk = yaml.safe_load((services.CONTENT / "conversations.yaml").read_text())

    for post in talk["posts"].values():
        for group in [
            post["thread"],
            *(entry.get("replies", []) for entry in entries(post["thread"])),
        ]:
            hours = [entry["after"] for entry in group]
            assert hours == sorted(set(hours))
