from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from django import template
from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from blog import article
from core import markup
from core.models import SiteSettings
from core.templatetags.moments import iso_time

if TYPE_CHECKING:
    from accounts.models import User
    from blog.models import Post, Tag

register = template.Library()

AVATAR_COLORS = 8
# Thirty headings, twice on the page: as lines of a template they took a tenth of the
# time in which an article is made.
ENTRY = (
    '<li class="toc__item toc__item--{}"><a class="toc__link" href="#{}">{}</a></li>'
)


@register.inclusion_tag("blog/_related.html")
def related_posts(post: Post, tags: list[Tag]) -> dict[str, list[Post]]:
    """Posts about the same things, each with the names of what is shared. One query."""
    tag_pks = [tag.pk for tag in tags]
    if not tag_pks:
        return {"related": []}
    return {"related": article.related_to_post.all(pk=post.pk, tag_pks=tag_pks)}


@register.inclusion_tag("blog/_neighbors.html")
def neighbors(post: Post) -> dict[str, Post | None]:
    """The listed posts published just before and after this one. One query."""
    older = newer = None
    for neighbor in article.neighbors_of_post.all(
        pk=post.pk, published_at=post.published_at
    ):
        if (neighbor.published_at, neighbor.pk) < (post.published_at, post.pk):
            older = neighbor
        else:
            newer = neighbor
    return {"older": older, "newer": newer}


@register.simple_tag(takes_context=True)
def json_ld(
    context: template.Context, post: Post, authors: list[User], tags: list[Tag]
) -> SafeString:
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
        "keywords": [tag.name for tag in tags],
        "author": [
            {
                "@type": "Person",
                "name": author.name,
                "url": settings.ORIGIN + author.get_absolute_url(),
            }
            for author in authors
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
def contents(toc: list[dict[str, object]]) -> SafeString:
    """The headings of an article as a list of links to them."""
    entries = ((entry["level"], entry["id"], entry["text"]) for entry in toc)
    return format_html(
        '<ol class="toc__list">\n{}\n</ol>', format_html_join("\n", ENTRY, entries)
    )


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
