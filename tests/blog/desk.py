"""The form of a post at the desk, as a browser sends it."""

from __future__ import annotations

from typing import Any

from django.test import Client

from accounts.models import User
from blog import services
from blog.models import Post

ADD = "/admin/blog/post/add/"
LIST = "/admin/blog/post/"


def user_of(client: Client) -> User:
    user: User = client.user  # type: ignore[attr-defined]
    return user


def make_post(author: User, **words: Any) -> Post:
    fields = {"title": "A title", "body": "Some *words*."} | words
    return services.save_post(Post(**fields), editor=author)


def address(post: Post, rest: str = "change/") -> str:
    return f"/admin/blog/post/{post.pk}/{rest}"


def typed(post: Post | None = None, **changes: Any) -> dict[str, Any]:
    """What a browser sends of the form as it stands."""
    fields: dict[str, Any] = {
        "title": "A title",
        "slug": "",
        "body": "Some *words*.",
        "summary": "",
        "tags": "",
        "cover_digest": "",
        "cover_alt": "",
        "language": "en",
        "canonical_url": "",
        "comment_policy": "site",
        "listed": "on",
        "published_at": "",
        "base_version": "",
    }
    if post:
        fields |= {
            "title": post.title,
            "slug": post.slug,
            "body": post.body,
            "base_version": post.version,
        }
    return fields | changes
