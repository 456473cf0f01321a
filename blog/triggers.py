"""What of posts public pages show, and how they hear that it changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pgtrigger

from blog.models import (
    Image,
    Post,
    PostAuthor,
    PostSlug,
    PostStats,
    PostTag,
    Tag,
    TagSlug,
)
from core.pagecache import changes
from core.pagecache.tags import watch
from core.pagecache.triggers import Touches, announce

if TYPE_CHECKING:
    from datetime import timedelta

OF_POST = Touches("'post:' || post_id")
# Which posts there are, and in which order, is on every page that has older, newer or
# related ones. What a post says is not.
PLACE = ("id", "published_at", "featured_at", "listed", "deleted_at")

ANNOUNCED = {
    Post: announce(
        Touches("'post:' || id"),
        Touches("'list'", PLACE, where="published_at IS NOT NULL"),
    ),
    PostSlug: announce(OF_POST),
    PostStats: announce(OF_POST),
    PostAuthor: announce(OF_POST, Touches("'user:' || user_id")),
    PostTag: announce(OF_POST, Touches("'tag:' || tag_id"), Touches("'list'")),
    Tag: announce(Touches("'tag:' || id")),
    TagSlug: announce(Touches("'tag:' || tag_id")),
    Image: announce(Touches("'image:' || id")),
}


def install() -> None:
    watch(Post, "post")
    watch(Tag, "tag")
    watch(Image, "image")
    for model, triggers in ANNOUNCED.items():
        pgtrigger.register(*triggers)(model)
    changes.upcoming.append(next_post_in)


def next_post_in() -> timedelta | None:
    return Post.objects.next_in()
