"""What a guest did becomes the member's, in the same browser with the same address."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import User
from accounts.visitors import COOKIE
from blog.models import Post, PostStats
from comments import guests, moderation, services
from comments.models import Comment, Guest, Question, Side, Vote
from core.models import SiteSettings
from reactions.models import Reaction
from reactions.services import set_reaction
from tests.comments.guests import write_one
from tests.concurrency import together
from tests.factories import (
    PASSWORD,
    make_comment,
    make_kinds,
    make_post,
    make_stranger,
    make_user,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Outbox

ADDRESS = "grace@example.org"
LOVE = {"kind": "love", "state": "on"}


@pytest.fixture
def talk(db: None) -> Post:
    make_kinds()
    return make_post(slug="talk")


@pytest.fixture
def guest(talk: Post, client: Client) -> Client:
    """A browser that wrote with the address, and reacted."""
    write_one(client, email=ADDRESS)
    client.post("/posts/talk/reactions/", LOVE)
    return client


def sign_in(client: Client, user: User) -> None:
    response = client.post(
        "/accounts/login/", {"login": user.email, "password": PASSWORD}
    )
    assert response.status_code == 302


def visitor_in(client: Client) -> UUID:
    return UUID(client.cookies[COOKIE].value.split(":")[0])


def stats_of(post: Post) -> PostStats:
    return PostStats.objects.get(post=post)


def ask(post: Post, *, visitor: UUID) -> tuple[Question, Side, Side]:
    question = Question.objects.create(post=post, text="This or that?")
    this, that = (
        Side.objects.create(
            question=question, slug=slug, label=slug, color=color, position=position
        )
        for position, (slug, color) in enumerate([("this", "blue"), ("that", "red")])
    )
    Vote.objects.create(question=question, side=this, visitor=visitor, network="n")
    return question, this, that


@pytest.mark.django_db
class TestSigningIn:
    def test_all_is_the_members_at_once(
        self, guest: Client, talk: Post, django_capture_on_commit_callbacks: Any
    ) -> None:
        user = make_user(email="Grace@example.org")

        with django_capture_on_commit_callbacks(execute=True):
            sign_in(guest, user)

        comment = Comment.objects.get()
        assert (comment.author, comment.guest, comment.guest_name) == (user, None, "")
        assert comment.is_visible
        assert stats_of(talk).comment_count == 1
        assert stats_of(talk).reaction_counts == {"love": 1}
        assert Reaction.objects.get().user == user
        answer = guest.get("/me/?post=talk").json()
        assert answer["post"]["reactions"] == ["love"]
        assert answer["comments"][comment.public_id]["can_edit"]

    def test_the_worker_does_it_where_the_process_died(
        self, guest: Client, run_tasks: Callable[[], None]
    ) -> None:
        user = make_user(email=ADDRESS)
        sign_in(guest, user)
        assert Comment.objects.get().author is None

        run_tasks()

        assert Comment.objects.get().author == user

    def test_confirming_after_sign_up_does_it_too(
        self, guest: Client, outbox: Outbox, run_tasks: Callable[[], None]
    ) -> None:
        signup = {"email": ADDRESS, "handle": "grace", "password1": PASSWORD}
        guest.post("/accounts/signup/", signup)
        code = str(outbox()[-1].body).split("your code is")[1].split()[0]
        assert Comment.objects.get().author is None

        guest.post("/accounts/confirm-email/", {"code": code})
        run_tasks()

        comment = Comment.objects.get()
        assert comment.author == User.objects.get(handle="grace")
        assert comment.is_visible

    @pytest.mark.parametrize("case", ["other address", "other browser", "no confirmed"])
    def test_nothing_happens_elsewhere(
        self, guest: Client, case: str, run_tasks: Callable[[], None]
    ) -> None:
        run_tasks()
        browser = Client() if case == "other browser" else guest
        make = make_stranger if case == "no confirmed" else make_user
        address = "ada@example.org" if case == "other address" else ADDRESS
        user = make(email=address)

        sign_in(browser, user)

        names = ProcrastinateJob.objects.values_list("task_name", flat=True)
        assert "adopt_guest" not in names
        assert Comment.objects.get().author is None
        assert Reaction.objects.get().user is None

    @pytest.mark.usefixtures("empty_queue")
    def test_who_was_no_guest_gives_the_worker_nothing(
        self, client: Client, db: None
    ) -> None:
        user = make_user()

        sign_in(client, user)

        assert not ProcrastinateJob.objects.filter(task_name="adopt_guest").exists()


@pytest.mark.django_db
class TestNeverGaveAnAddress:
    def test_what_the_browser_did_is_the_members(
        self, talk: Post, client: Client, run_tasks: Callable[[], None]
    ) -> None:
        client.post("/posts/talk/reactions/", LOVE)
        ask(talk, visitor=visitor_in(client))
        user = make_user()

        sign_in(client, user)
        run_tasks()
        client.post("/posts/talk/reactions/", LOVE)

        assert Reaction.objects.get().user == user
        assert Vote.objects.get().user == user
        assert stats_of(talk).reaction_counts == {"love": 1}
        assert stats_of(talk).side_counts["this"] == {"members": 1, "visitors": 0}

    def test_who_signs_in_there_next_gets_nothing_of_it(
        self, talk: Post, client: Client, run_tasks: Callable[[], None]
    ) -> None:
        client.post("/posts/talk/reactions/", LOVE)
        first = make_user()
        sign_in(client, first)
        run_tasks()
        client.post("/accounts/logout/")

        sign_in(client, make_user())
        run_tasks()

        assert Reaction.objects.get().user == first

    def test_another_address_keeps_all_the_visitors(
        self, guest: Client, talk: Post
    ) -> None:
        visitor = visitor_in(guest)
        ask(talk, visitor=visitor)

        guests.adopt(make_user(email="ada@example.org"), visitor)

        assert Reaction.objects.get().visitor == visitor
        assert Vote.objects.get().visitor == visitor


@pytest.mark.django_db
class TestAdopt:
    def test_what_a_moderator_decided_stays(self, guest: Client) -> None:
        user, comment = make_user(email=ADDRESS), Comment.objects.get()
        moderation.change_state(comment, Comment.State.SPAM)

        guests.adopt(user, visitor_in(guest))

        comment.refresh_from_db()
        assert (comment.author, comment.state) == (user, "spam")

    @pytest.mark.parametrize(
        ("policy", "state", "waits_for"),
        [("members", "visible", ""), ("closed", "pending", "moderator")],
    )
    def test_it_is_seen_where_members_may_write(
        self, guest: Client, policy: str, state: str, waits_for: str
    ) -> None:
        SiteSettings.objects.create(pk=1, comment_policy=policy)

        guests.adopt(make_user(email=ADDRESS), visitor_in(guest))

        comment = Comment.objects.get()
        assert (comment.state, comment.waits_for) == (state, waits_for)

    def test_comment_with_a_key_of_the_members_own_is_kept(
        self, talk: Post, client: Client
    ) -> None:
        user = make_user(email=ADDRESS)
        make_comment(talk, author=user, key="same")
        write_one(client, key="same", email=ADDRESS)

        guests.adopt(user, visitor_in(client))

        assert Comment.objects.filter(author=user).count() == 2

    def test_where_both_reacted_alike_one_is_kept(
        self, guest: Client, talk: Post
    ) -> None:
        user, kinds = make_user(email=ADDRESS), make_kinds()
        target, visitor = make_comment(talk), visitor_in(guest)
        for kind in ("love", "strong"):
            set_reaction(kind=kinds[kind], user=user, post=talk, is_on=True)
        for owner in ({"user": user}, {"visitor": visitor}, {"visitor": uuid4()}):
            set_reaction(kind=kinds["love"], comment=target, is_on=True, **owner)

        guests.adopt(user, visitor)

        target.refresh_from_db()
        assert stats_of(talk).reaction_counts == {"love": 1, "strong": 1}
        assert target.reaction_counts == {"love": 2}
        assert not Reaction.objects.filter(visitor=visitor).exists()

    def test_vote_becomes_the_members(self, guest: Client, talk: Post) -> None:
        user, visitor = make_user(email=ADDRESS), visitor_in(guest)
        ask(talk, visitor=visitor)

        guests.adopt(user, visitor)

        vote = Vote.objects.get()
        assert (vote.user, vote.visitor, vote.network) == (user, None, "")
        assert stats_of(talk).side_counts == {
            "this": {"members": 1, "visitors": 0},
            "that": {"members": 0, "visitors": 0},
        }

    def test_where_both_voted_the_members_own_is_kept(
        self, guest: Client, talk: Post
    ) -> None:
        user, visitor = make_user(email=ADDRESS), visitor_in(guest)
        question, _, that = ask(talk, visitor=visitor)
        Vote.objects.create(question=question, side=that, user=user)

        guests.adopt(user, visitor)

        assert Vote.objects.get().side == that
        assert stats_of(talk).side_counts["this"] == {"members": 0, "visitors": 0}

    def test_closed_question_stays_as_it_stood(self, guest: Client, talk: Post) -> None:
        user, visitor = make_user(email=ADDRESS), visitor_in(guest)
        question, *_ = ask(talk, visitor=visitor)
        Question.objects.update(closed_at="2026-01-01T00:00Z")

        guests.adopt(user, visitor)

        assert question.votes.get().visitor == visitor

    def test_twice_is_once(self, guest: Client, talk: Post) -> None:
        user, visitor = make_user(email=ADDRESS), visitor_in(guest)

        guests.adopt(user, visitor)
        guests.adopt(user, visitor)

        assert Comment.objects.get().author == user
        assert stats_of(talk).comment_count == 1

    def test_signed_out_again_the_browser_goes_on_as_a_trusted_guest(
        self, guest: Client
    ) -> None:
        guests.adopt(make_user(email=ADDRESS), visitor_in(guest))

        later = write_one(guest, email=ADDRESS)

        assert later.is_visible
        assert later.guest == Guest.objects.get()


@pytest.mark.django_db(transaction=True)
def test_adopting_while_others_write_and_react_is_exact() -> None:
    kinds, user, visitor = make_kinds(), make_user(email=ADDRESS), uuid4()
    posts = [make_post() for _ in range(3)]
    targets = [make_comment(post) for post in posts]
    for n in range(9):
        guests.submit_comment(
            post=posts[n % 3],
            visitor=visitor,
            email=ADDRESS,
            name="Grace",
            body=f"Number {n}",
            key=f"k-{n}",
        )
    for post, target in zip(posts, targets, strict=True):
        for owner in ({"visitor": visitor}, {"user": user}):
            set_reaction(kind=kinds["love"], post=post, is_on=True, **owner)
            set_reaction(kind=kinds["love"], comment=target, is_on=True, **owner)
    members = [make_user() for _ in range(6)]

    def others(n: int) -> None:
        post, target = posts[n % 3], targets[n % 3]
        services.submit_comment(
            post=post, author=members[n], body="Me too", key=f"m-{n}"
        )
        set_reaction(kind=kinds["love"], user=members[n], post=post, is_on=True)
        set_reaction(kind=kinds["love"], user=members[n], comment=target, is_on=True)

    failures = together(
        [lambda: guests.adopt(user, visitor)] * 4
        + [partial(others, n) for n in range(6)]
    )

    assert failures == []
    for post, target in zip(posts, targets, strict=True):
        target.refresh_from_db()
        assert target.reaction_counts == {"love": 3}
        assert stats_of(post).reaction_counts == {"love": 3}
        assert stats_of(post).comment_count == 6
    assert Comment.objects.filter(author=user).count() == 9
    assert not Reaction.objects.filter(visitor=visitor).exists()
