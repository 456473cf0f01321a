"""Who may do what in a conversation."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from comments.history import can_change

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from accounts.participants import Participant
    from blog.models import Post
    from comments.models import Comment
    from core.models import SiteSettings

WRITES = "blog.change_post"
OPEN_TO_GUESTS = {"confirm", "moderate"}


def comment_policy(post: Post, site: SiteSettings) -> str:
    """Who may comment: the post's own word, else the site's; closed by age, too.

    One of the values of `SiteSettings.CommentPolicy`.
    """
    if post.comment_policy != post.CommentPolicy.SITE:
        return post.comment_policy
    if site.closes_after_days and post.published_at:
        closes_at = post.published_at + timedelta(days=site.closes_after_days)
        if closes_at <= timezone.now():
            return site.CommentPolicy.CLOSED
    return site.comment_policy


def accepts_comments(post: Post, site: SiteSettings) -> bool:
    """Whether anybody may comment."""
    return comment_policy(post, site) != site.CommentPolicy.CLOSED


def accepts_guests(post: Post, site: SiteSettings) -> bool:
    """Whether people without an account may comment."""
    return comment_policy(post, site) in OPEN_TO_GUESTS


def can_moderate(user: User | AnonymousUser) -> bool:
    return user.is_active and user.has_perm("comments.change_comment")


def can_use_queue(user: User | AnonymousUser) -> bool:
    """Moderators see everything in it, authors what is under their own posts."""
    return can_moderate(user) or (user.is_active and user.has_perm(WRITES))


def can_hide(user: User | AnonymousUser, post: Post) -> bool:
    """Whether the asker wrote the post, and may so hide what stands under it.

    Asks for the authors unless they were fetched. One query.
    """
    if not (user.is_active and user.has_perm(WRITES)):
        return False
    return any(byline.user_id == user.pk for byline in post.bylines.all())


def is_own(asking: Participant, comment: Comment) -> bool:
    """Whether the asker wrote it. For comments of guests it needs `guest`."""
    if comment.guest is not None:
        return comment.guest.visitor == asking.visitor
    return asking.user is not None and comment.author_id == asking.user.pk


def can_edit(asking: Participant, comment: Comment, site: SiteSettings) -> bool:
    return is_own(asking, comment) and can_change(comment, site)


def can_delete(asking: Participant, comment: Comment) -> bool:
    if comment.state == comment.State.PENDING:
        return is_own(asking, comment)
    may_remove = asking.user is not None and can_moderate(asking.user)
    return comment.is_visible and (is_own(asking, comment) or may_remove)
