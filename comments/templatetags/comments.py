from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from blog.templatetags.blog import avatar_color, color_of, initials, initials_of
from comments.models import Comment
from comments.permissions import accepts_comments
from comments.threads import load_first
from core.models import SiteSettings

if TYPE_CHECKING:
    from django.template.context import Context

    from blog.models import Post

register = template.Library()

WHY_GONE = {
    Comment.State.DELETED: "This comment was deleted by its author.",
    Comment.State.PENDING: "This comment waits for a moderator’s look.",
}


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


@register.filter
def writer_initials(comment: Comment) -> str:
    """One or two letters for a picture that is not there; guests have none."""
    if comment.author:
        return initials(comment.author)
    return initials_of(comment.author_name) or comment.author_name[:1].upper()


@register.filter
def writer_color(comment: Comment) -> int:
    """A number from 1 to 8 that stays with the handle, or the guest's name."""
    if comment.author:
        return avatar_color(comment.author)
    return color_of(comment.author_name)


@register.filter
def answered_name(comment: Comment) -> str:
    """Whom it answers, a member by handle. Needs `parent__author`."""
    parent = comment.parent
    if parent is None or not parent.is_visible:
        return "a comment that is gone"
    return f"@{parent.author.handle}" if parent.author else parent.author_name


@register.filter
def why_gone(comment: Comment) -> str:
    """What stands in the place of a comment that is not shown."""
    gone = Comment.State(comment.state)
    return WHY_GONE.get(gone, "This comment was removed by a moderator.")
