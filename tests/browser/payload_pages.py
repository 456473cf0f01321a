"""Fill a blog with hostile texts, in a process of that blog's own."""

from __future__ import annotations

import json
from pathlib import Path

from django.utils import timezone

from accounts import services as accounts
from accounts.models import User
from blog import services as blog
from blog.models import Post
from comments import services as comments
from core import markup

POSTS_BATCH = 30


def fill(name: str, file: str) -> None:
    """Posts `<name>-0`, `<name>-1`, … of many texts each, and `<name>` with comments.

    Every text of a post is rendered alone, as it would be in a post of its own: what
    one leaves open must not be closed by the next.
    """
    texts = json.loads(Path(file).read_text("utf-8"))
    writer = User.objects.create_user(f"{name}@example.org", name.replace("-", "_"))
    accounts.confirm_address(writer)
    for number, start in enumerate(range(0, len(texts), POSTS_BATCH)):
        post = make_post(f"{name}-{number}", writer)
        batch = texts[start : start + POSTS_BATCH]
        html = [markup.render(text, markup.Profile.POST).html for text in batch]
        Post.objects.filter(pk=post.pk).update(body_html="\n<hr>\n".join(html))
    post = make_post(name, writer)
    stored = 0
    for number, text in enumerate(texts):
        try:
            comments.submit_comment(
                post=post, author=writer, body=text, key=f"{name}-{number}"
            )
            stored += 1
        except markup.MarkupRefused:
            continue  # Nothing of it would be seen.
    print(json.dumps({"posts": number_of_posts(len(texts)), "comments": stored}))  # noqa: T201


def number_of_posts(texts: int) -> int:
    return -(-texts // POSTS_BATCH)


def make_post(slug: str, writer: User) -> Post:
    post = Post(title=slug, body="Replaced.", published_at=timezone.now())
    return blog.save_post(post, editor=writer, slug=slug)
