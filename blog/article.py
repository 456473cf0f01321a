"""What an article page asks of posts: the same words for every article."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.models import User
from blog.models import Post, Tag
from core.statements import Given, Statement

if TYPE_CHECKING:
    from blog.querysets import PostQuerySet

RELATED_POSTS = 3
SHOWN_OF_AUTHOR = ("handle", "display_name", "bio", "avatar", "links")


def links(posts: PostQuerySet) -> PostQuerySet:
    return posts.only("title", "slug", "published_at")


def neighbors() -> PostQuerySet:
    place = Given("published_at"), Given("pk")
    listed = links(Post.objects.listed())
    return listed.older_than(*place)[:1].union(listed.newer_than(*place)[:1])


published = Statement(
    lambda: Post.objects.published().for_page().filter(slug=Given("slug"))
)
authors_of_post = Statement(
    lambda: (
        User.objects.filter(bylines__post=Given("pk"))
        .order_by("bylines__position", "bylines__pk")
        .only(*SHOWN_OF_AUTHOR)
    )
)
tags_of_post = Statement(lambda: Tag.objects.filter(posts=Given("pk")))
related_to_post = Statement(
    lambda: links(Post.objects.related_to(Given("pk"), Given("tag_pks")))[
        :RELATED_POSTS
    ]
)
neighbors_of_post = Statement(neighbors)
