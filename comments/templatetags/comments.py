"""What stands of a conversation on a public page. Nothing depends on who asks.

Up to three hundred comments stand on one page, so what each has is written by one
format for each part: as lines of a template it took three times as long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.templatetags.static import PrefixNode
from django.utils.html import escape

from blog.templatetags.blog import avatar_color, color_of, initials, initials_of
from comments.models import Comment, ModerationEntry
from comments.permissions import accepts_comments
from comments.threads import load_first
from core.markup import fill
from core.models import SiteSettings
from core.templatetags.moments import iso_time, short_time

if TYPE_CHECKING:
    from django.template.context import Context
    from django.utils.safestring import SafeString

    from blog.models import Post
    from comments.threads import Shown

register = template.Library()

BYLINE = """<header class="comment__byline">
<span class="comment__author p-author h-card">{} \
<span class="p-name">{}</span>{}</span>{}
<a class="comment__date u-url" href="{}">\
<time class="dt-published" datetime="{}">{}</time></a>{}
</header>{}"""
PICTURE = (
    '<img class="avatar avatar--small u-photo" src="{}{}" width="72" height="72" alt=""'
    ' loading="lazy">'
)
INITIALS = '<span class="avatar avatar--{} avatar--small" aria-hidden="true">{}</span>'
MEMBER = ' <span class="comment__handle p-nickname">@{}</span>'
GUEST = fill(' <span class="comment__guest">guest</span>')
SIDE = (
    '\n<span class="comment__side side side--{}">'
    '<span class="visually-hidden">takes the side: </span>{}</span>'
)
EDITED = fill('\n<span class="comment__edited">edited</span>')
HISTORY = (
    '\n<a class="comment__edited" href="{}history/">edited'
    '<span class="visually-hidden">: what changed</span></a>'
)
ANSWERED = (
    '\n<p class="comment__context"><a class="u-in-reply-to" href="{}">'
    "in reply to {}</a></p>"
)
ANSWERED_HERE = (
    '\n<p class="comment__context{}"><data class="u-in-reply-to" value="{}">'
    "in reply to {}</data></p>"
)
REPLY = (
    '<a class="comment__act" href="{}?parent={}" rel="nofollow" data-act="reply">Reply'
    '<span class="visually-hidden"> to {}</span></a>'
)
LOCKED = fill('<span class="comment__locked">Thread locked</span>')
LINKS = """<div class="comment__links">
{}
<a class="comment__act" href="{}report/" rel="nofollow" data-act="report">\
<span aria-hidden="true">🚩</span>\
<span class="visually-hidden">Report this comment</span></a>
<a class="comment__act comment__more" href="{}options/" rel="nofollow">More\
<span class="visually-hidden"> for the comment by {}</span></a>
</div>"""
WHY_GONE = {
    Comment.State.DELETED: "This comment was deleted by its author.",
    Comment.State.PENDING: "This comment waits for a moderator’s look.",
}


@register.inclusion_tag("comments/_conversation.html", takes_context=True)
def conversation(context: Context, post: Post) -> dict[str, Any]:
    """The first threads of a post, with links to act. Two queries; needs `stats`."""
    site = context.get("site") or SiteSettings.load()
    page = load_first(post)
    return {
        "request": context.get("request"),
        "post": post,
        "threads": page.threads,
        "more_url": page.next_url,
        "accepts_comments": post.is_published and accepts_comments(post, site),
    }


@register.simple_tag
def comment_byline(shown: Shown) -> SafeString:
    """Who wrote it, on which side, when, changed or not, and whom it answers."""
    comment = shown.comment
    return fill(
        BYLINE,
        avatar(comment),
        comment.author_name,
        label(comment),
        side(comment),
        shown.url,
        iso_time(comment.created_at),
        short_time(comment.created_at),
        edited(comment, shown.url),
        context_of(shown),
    )


def avatar(comment: Comment) -> SafeString:
    author = comment.author
    if author is None:
        name = comment.author_name
        return fill(INITIALS, color_of(name), initials_of(name) or name[:1])
    if author.avatar:
        media = PrefixNode.handle_simple("MEDIA_URL")
        return fill(PICTURE, media, str(author.avatar))
    return fill(INITIALS, avatar_color(author), initials(author))


def label(comment: Comment) -> SafeString | str:
    """What sets a name apart from others like it: a handle, or that it is a guest's."""
    if comment.author:
        return fill(MEMBER, comment.author.handle)
    return GUEST if comment.guest_name else ""


def side(comment: Comment) -> SafeString | str:
    taken = comment.side
    return fill(SIDE, taken.color, taken.label) if taken else ""


def edited(comment: Comment, url: str) -> SafeString | str:
    if not comment.edited_at:
        return ""
    # Annotated: the model does not know it.
    return fill(HISTORY, url) if comment.has_history else EDITED  # type: ignore[attr-defined]


def context_of(shown: Shown) -> SafeString | str:
    """Whom it answers; where that stands right above, only for the ear."""
    parent = shown.comment.parent
    if parent is None:
        return ""
    if shown.answered_url:
        return fill(ANSWERED, shown.answered_url, answered_name(parent))
    hidden = " visually-hidden" if shown.is_under_parent else ""
    return fill(ANSWERED_HERE, hidden, shown.parent_url, answered_name(parent))


def answered_name(parent: Comment) -> str:
    if not parent.is_visible:
        return "a comment that is gone"
    return f"@{parent.author.handle}" if parent.author else parent.author_name


@register.simple_tag
def comment_links(shown: Shown, create_url: str, *, is_open: bool) -> SafeString:
    """What one can do about it, each on a page of its own."""
    name = escape(shown.comment.author_name)
    reply = comment_lock(shown)
    if is_open and not shown.is_locked:
        reply = fill(REPLY, create_url, shown.comment.public_id, name)
    return fill(LINKS, reply, shown.url, shown.url, name)


@register.simple_tag
def comment_lock(shown: Shown) -> SafeString | str:
    """That nothing can be added to its thread: said once, where that begins."""
    return LOCKED if shown.is_locked and not shown.level else ""


@register.filter
def why_gone(comment: Comment) -> str:
    """What stands in the place of a comment that is not shown."""
    gone = Comment.State(comment.state)
    # Annotated: the model does not know it.
    if comment.removed_as == ModerationEntry.Action.HIDE:  # type: ignore[attr-defined]
        return "This comment was hidden by an author of the article."
    return WHY_GONE.get(gone, "This comment was removed by a moderator.")
