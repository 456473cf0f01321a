from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from blog.models import Post
    from comments.models import Comment
    from core.models import SiteSettings


def accepts_comments(post: Post, site: SiteSettings) -> bool:
    """Whether anybody may comment: the post's own word, else the site's."""
    if post.comment_policy == post.CommentPolicy.SITE:
        return site.comment_policy != site.CommentPolicy.CLOSED
    return post.comment_policy != post.CommentPolicy.CLOSED


def can_moderate(user: User | AnonymousUser) -> bool:
    return user.is_active and user.has_perm("comments.change_comment")


def can_edit(user: User | AnonymousUser, comment: Comment) -> bool:
    return comment.is_visible and comment.author_id == user.pk


def can_delete(user: User | AnonymousUser, comment: Comment) -> bool:
    return can_edit(user, comment) or (comment.is_visible and can_moderate(user))
