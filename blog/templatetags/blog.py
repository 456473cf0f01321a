from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from django import template
from django.conf import settings
from django.utils.safestring import SafeString

from blog.models import Post
from core import markup
from core.models import SiteSettings
from core.templatetags.moments import iso_time

if TYPE_CHECKING:
    from accounts.models import User

register = template.Library()

RELATED_POSTS = 3
AVATAR_COLORS = 8


@register.inclusion_tag("blog/_related.html")
def related_posts(post: Post) -> dict[str, object]:
    """Posts about the same things, each with the names of what is shared. One query."""
    posts = Post.objects.related_to(post).only("title", "slug", "published_at")
    return {"related": posts[:RELATED_POSTS] if post.tags.all() else []}


@register.inclusion_tag("blog/_neighbors.html")
def neighbors(post: Post) -> dict[str, Post | None]:
    """The listed posts published just before and after this one. One query."""
    listed = Post.objects.listed().only("title", "slug", "published_at")
    found = listed.older_than(post)[:1].union(listed.newer_than(post)[:1])
    older = newer = None
    for neighbor in found:
        if (neighbor.published_at, neighbor.pk) < (post.published_at, post.pk):
            older = neighbor
        else:
            newer = neighbor
    return {"older": older, "newer": newer}


@register.simple_tag(takes_context=True)
def json_ld(context: template.Context, post: Post) -> SafeString:
    """The article as schema.org `BlogPosting`."""
    site: SiteSettings = context["site"]
    url = settings.ORIGIN + post.get_absolute_url()
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "BlogPosting",
        "headline": post.title,
        "description": post.teaser,
        "url": url,
        "mainEntityOfPage": post.canonical_url or url,
        "inLanguage": post.language,
        "wordCount": post.word_count,
        "keywords": [tag.name for tag in post.tags.all()],
        "author": [
            {
                "@type": "Person",
                "name": byline.user.name,
                "url": settings.ORIGIN + byline.user.get_absolute_url(),
            }
            for byline in post.bylines.all()
        ],
        "publisher": {"@type": "Organization", "name": site.title},
        "commentCount": post.stats.comment_count,
        "dateModified": iso_time(post.updated_at),
    }
    if post.published_at:
        data["datePublished"] = iso_time(post.published_at)
    if post.cover:
        data["image"] = settings.ORIGIN + post.cover.url
    return markup.linked_data(data)


@register.filter
def initials(user: User) -> str:
    """One or two letters for a picture that is not there."""
    return initials_of(user.name) or user.handle[:1].upper()


@register.filter
def avatar_color(user: User) -> int:
    """A number from 1 to 8 that stays with the handle."""
    return color_of(user.handle)


def initials_of(name: str) -> str:
    """Of the first and the last word; empty where none begins with a letter."""
    words = [word for word in name.split() if word[:1].isalnum()]
    letters = [word[0] for word in (words[:1] + words[1:][-1:])]
    return "".join(letters).upper()


def color_of(word: str) -> int:
    return zlib.crc32(word.encode()) % AVATAR_COLORS + 1
