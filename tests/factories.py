"""Builders of test data: typed functions, each saying what it makes in its name."""

from __future__ import annotations

from datetime import timedelta
from itertools import count, cycle
from typing import Any
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts import services
from accounts.models import User
from accounts.participants import Participant
from accounts.roles import Role
from blog import services as blog_services
from blog.models import Post
from comments import opinions, services as comment_services
from comments.models import Comment, Guest, Question, Side
from reactions.models import ReactionKind

PASSWORD = "a long enough passphrase"
numbers = count(1)


def make_stranger(**overrides: Any) -> User:
    """An account whose address is not confirmed."""
    n = next(numbers)
    fields: dict[str, Any] = {
        "email": f"reader{n}@example.org",
        "handle": f"reader{n}",
        "password": PASSWORD,
    }
    user = User.objects.create_user(**(fields | overrides))
    EmailAddress.objects.create(user=user, email=user.email, primary=True)
    return user


def make_user(**overrides: Any) -> User:
    """A member: an account with a confirmed address."""
    user = make_stranger(**overrides)
    services.confirm_address(user)
    return user


def make_author(**overrides: Any) -> User:
    return services.grant_role(make_user(**overrides), Role.AUTHOR)


def make_editor(**overrides: Any) -> User:
    return services.grant_role(make_user(**overrides), Role.EDITOR)


def make_moderator(**overrides: Any) -> User:
    return services.grant_role(make_user(**overrides), Role.MODERATOR)


def make_owner(**overrides: Any) -> User:
    return make_user(is_staff=True, is_superuser=True, **overrides)


def make_post(**overrides: Any) -> Post:
    """A public post; `published_at=None` makes it a draft."""
    n = next(numbers)
    author = overrides.pop("author", None) or make_author()
    tags = overrides.pop("tags", [])
    slug = overrides.pop("slug", None)
    fields: dict[str, Any] = {
        "title": f"Post {n}",
        "body": f"Words of post {n}.",
        "published_at": timezone.now() - timedelta(hours=1),
    }
    return blog_services.save_post(
        Post(**(fields | overrides)),
        editor=author,
        slug=slug,
        tags=blog_services.tags_from_names(tags),
    )


def make_comment(
    post: Post | None = None, *, parent: Comment | None = None, **overrides: Any
) -> Comment:
    """A visible comment by a member, through the door that members use."""
    n = next(numbers)
    return comment_services.submit_comment(
        post=parent.post if parent else post or make_post(),
        author=overrides.pop("author", None) or make_user(),
        body=overrides.pop("body", f"Words of comment {n}."),
        parent=parent,
        key=overrides.pop("key", f"key-{n}"),
        **overrides,
    )


def make_guest_comment(post: Post | None = None, **overrides: Any) -> Comment:
    """A visible comment by a guest who is trusted."""
    n = next(numbers)
    guest = overrides.pop("guest", None) or Guest.objects.create(
        visitor=uuid4(), email=f"guest{n}@example.org", trusted_at=timezone.now()
    )
    fields: dict[str, Any] = {
        "post": post or make_post(),
        "guest": guest,
        "guest_name": f"Guest {n}",
        "body": f"Words of guest {n}.",
        "key": f"key-{n}",
    }
    comment = Comment(**(fields | overrides))
    comment_services.render(comment)
    comment.save()
    comment_services.recount_comments(comment.post)
    return comment


def make_kinds() -> dict[str, ReactionKind]:
    """The three first kinds: a test with transactions of its own empties the table."""
    first = [
        ("love", "💖", "Love it", 1),
        ("strong", "💪", "Strong", 1),
        ("disagree", "🙅", "I disagree", -1),
    ]
    return {
        slug: ReactionKind.objects.get_or_create(
            slug=slug,
            defaults={
                "emoji": emoji,
                "label": label,
                "weight": weight,
                "position": position,
            },
        )[0]
        for position, (slug, emoji, label, weight) in enumerate(first)
    }


def make_question(post: Post | None = None, **overrides: Any) -> Question:
    """PyTorch or TensorFlow; `sides` are labels."""
    colors = cycle(Side.Color)
    sides = [
        opinions.SideWish(label, next(colors))
        for label in overrides.pop("sides", ["PyTorch", "TensorFlow"])
    ]
    fields = {"text": "PyTorch or TensorFlow?"} | overrides
    return opinions.save_question(post or make_post(), sides=sides, **fields)


def take_side(
    post: Post, slug: str, *, user: User | None = None, network: str = "192.0.2.1"
) -> Participant:
    """A vote of the member, or of a visitor who was not here before."""
    voter = Participant(user=user) if user else Participant(visitor=uuid4())
    opinions.set_side(post, voter, slug, network=network)
    return voter
