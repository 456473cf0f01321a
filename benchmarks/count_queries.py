"""Print queries per page as JSON: with little content, then with ten times as much."""

from __future__ import annotations

import json
import sys

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from blog.models import Post


def count() -> dict[str, int]:
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


def member() -> User:
    known = User.objects.filter(handle="bench").first()
    return known or User.objects.create_user("bench@bench.invalid", "bench")


def queries_of(reader: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        status = reader.get(path).status_code
    if status != 200:
        raise SystemExit(f"{path} answered {status}.")
    return len(queries)


def fill(posts: int, comments: int) -> None:
    call_command("populate", posts=posts, comments=comments, stdout=sys.stderr)


fill(100, 1_000)
few = count()
fill(1_000, 10_000)
print(json.dumps([few, count()]))
