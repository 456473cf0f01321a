from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from comments.permissions import accepts_comments
from comments.threads import load_first
from core.models import SiteSettings

if TYPE_CHECKING:
    from django.template.context import Context

    from blog.models import Post

register = template.Library()


@register.inclusion_tag("comments/_conversation.html", takes_context=True)
def conversation(context: Context, post: Post) -> dict[str, Any]:
    """The first threads of a post, with links to act. Two queries; needs `post.stats`.

    Nothing in it depends on who asks.
    """
    site = context.get("site") or SiteSettings.load()
    page = load_first(post)
    return {
        "request": context.get("request"),
        "post": post,
        "threads": page.threads,
        "more_url": page.next_url,
        "accepts_comments": post.is_published and accepts_comments(post, site),
    }
