"""RSS and Atom: full text, absolute links, ids that survive a new slug."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.xmlutils import SimplerXMLGenerator

from blog.models import Post
from core import markup
from core.models import SiteSettings
from core.pagecache import public_page

if TYPE_CHECKING:
    from datetime import datetime

POSTS_PER_FEED = 20
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class FullTextRss(Rss201rev2Feed):
    """RSS 2.0 with the whole article in `content:encoded`."""

    def rss_attributes(self) -> dict[str, str]:
        return super().rss_attributes() | {
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
        }

    def add_item_elements(
        self, handler: SimplerXMLGenerator, item: dict[str, Any]
    ) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content:encoded", item["content"])


class FullTextAtom(Atom1Feed):
    """Atom with the whole article in `content`."""

    def add_item_elements(
        self, handler: SimplerXMLGenerator, item: dict[str, Any]
    ) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})


class NewestPosts(Feed[Post, None]):
    feed_type: type[SyndicationFeed] = FullTextRss
    url_name = "blog:rss"

    def __call__(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> HttpResponse:
        self.site = SiteSettings.load()
        response = super().__call__(request, *args, **kwargs)
        # It misses posts that went and names that changed; the ETag misses nothing.
        del response.headers["Last-Modified"]
        return response

    def title(self) -> str:
        return clean(self.site.title)

    def description(self) -> str:
        return clean(self.site.description or self.site.tagline)

    subtitle = description

    def link(self) -> str:
        return settings.ORIGIN + reverse("blog:home")

    def feed_url(self) -> str:
        return settings.ORIGIN + reverse(self.url_name)

    def items(self) -> list[Post]:
        posts = Post.objects.listed().newest_first().with_company().defer("body")
        return list(posts[:POSTS_PER_FEED])

    def item_title(self, item: Post) -> str:
        return clean(item.title)

    def item_description(self, item: Post) -> str:
        return clean(item.teaser)

    def item_link(self, item: Post) -> str:
        return settings.ORIGIN + item.get_absolute_url()

    item_guid_is_permalink = False

    def item_guid(self, item: Post) -> str:
        """A tag URI (RFC 4151): neither a new slug nor a new title changes it."""
        host = urlsplit(settings.ORIGIN).hostname
        return f"tag:{host},{item.created_at:%Y-%m-%d}:post/{item.pk}"

    def item_author_name(self, item: Post) -> str:
        return clean(", ".join(byline.user.name for byline in item.bylines.all()))

    def item_pubdate(self, item: Post) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: Post) -> datetime | None:
        return max(filter(None, [item.published_at, item.updated_at]))

    def item_categories(self, item: Post) -> list[str]:
        return [clean(tag.name) for tag in item.tags.all()]

    def item_extra_kwargs(self, item: Post) -> dict[str, str]:
        return {"content": clean(markup.for_feed(item.body_html, self.item_link(item)))}


class NewestPostsAtom(NewestPosts):
    feed_type = FullTextAtom
    url_name = "blog:atom"


def clean(text: str) -> str:
    """Without the characters that XML 1.0 cannot hold."""
    return NOT_IN_XML.sub("", text)


@public_page("list")
def rss(request: HttpRequest) -> HttpResponse:
    return NewestPosts()(request)


@public_page("list")
def atom(request: HttpRequest) -> HttpResponse:
    return NewestPostsAtom()(request)
