"""What the suite asks the blog's own code for, through `benchmarks.inside`."""

from __future__ import annotations

import sys
from typing import Any
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from blog.models import Post, PostStats
from comments.models import Comment, Side
from reactions.models import Reaction


def members(count: int) -> list[dict[str, str]]:
    """The cookies of so many new members, each signed in."""
    return [{settings.SESSION_COOKIE_NAME: session_of(member())} for _ in range(count)]


def member() -> User:
    handle = f"bench_{uuid4().hex[:20]}"
    user = User.objects.create_user(f"{handle}@bench.invalid", handle)
    EmailAddress.objects.create(
        user=user, email=user.email, verified=True, primary=True
    )
    return user


def session_of(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def copies_of_comments(start: str) -> dict[str, int]:
    """How often each body that begins so is stored."""
    found = Comment.objects.filter(body__startswith=start)
    return dict(found.values_list("body").annotate(Count("pk")))


def votes_and_reactions(slug: str) -> dict[str, dict[str, int]]:
    """Of an article, as they are counted by row, and as the page shows them."""
    stats = PostStats.objects.get(post__slug=slug)
    votes = Side.objects.filter(question__post=stats.post_id)
    given = Reaction.objects.filter(post=stats.post_id).values_list("kind__slug")
    return {
        "votes": dict(votes.values_list("slug").annotate(Count("votes"))),
        "shown_votes": {s: sum(n.values()) for s, n in stats.side_counts.items()},
        "reactions": dict(given.annotate(Count("pk"))),
        "shown_reactions": stats.reaction_counts,
    }


def synthetic_paths(count: int) -> list[str]:
    slugs = Post.objects.filter(slug__startswith="synthetic-").order_by("pk")
    return [f"/posts/{slug}/" for slug in slugs.values_list("slug", flat=True)[:count]]


def database_version() -> str:
    return str(value_of("SHOW server_version"))


def database_bytes() -> int:
    return int(value_of("SELECT pg_database_size(current_database())"))


def value_of(query: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


def queries(posts: int, comments: int) -> dict[str, int]:
    """Queries for each page, after adding so many posts and comments."""
    call_command("populate", posts=posts, comments=comments, stdout=sys.stderr)
    reader = Client(headers={"host": "127.0.0.1"})
    reader.force_login(member())
    slug = Post.objects.listed().filter(slug__startswith="synthetic")[0].slug
    pages = {
        "the article": f"/posts/{slug}/",
        "home": "/",
        "a tag": "/tags/web/",
        "the conversation": f"/posts/{slug}/comments/",
        "`/me/`": f"/me/?post={slug}",
    }
    return {name: queries_of(reader, path) for name, path in pages.items()}


def queries_of(reader: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as found:
        status = reader.get(path).status_code
    if status != 200:
        raise SystemExit(f"{path} answered {status}.")
    return len(found)
