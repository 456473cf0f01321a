"""The asker's comments in `/me/`, and what the asker may do to the post."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import Permission
from django.db.models import Exists, OuterRef, Q, Value

from accounts.me import MAX_COMMENTS
from blog.models import Post, PostAuthor
from comments.models import Comment
from comments.permissions import can_edit
from comments.side_me import SAID, describe_side, side_taken

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.me import Answer
    from accounts.models import User
    from accounts.participants import Participant
    from comments.querysets import CommentQuerySet

TOLD = (
    *("public_id", "state", "author_id", "guest__visitor"),
    *("created_at", "edited_at"),
)


def fill_post(answer: Answer) -> None:
    """Find the post that was named, and the side taken. One query, for editors too."""
    if not answer.slug:
        return
    posts = Post.objects.published().filter(slugs__slug=answer.slug.lower())
    # An anonymous user's empty key would match everything that nobody holds.
    is_known = answer.user.is_authenticated
    allowed = can_edit_post(answer.user) if is_known else Value(value=False)
    posts = posts.annotate(can_edit=allowed, side=side_taken(answer.asking))
    found = posts.values_list("pk", "can_edit", *SAID).first()
    if found:
        answer.post_id, can_edit_it, *side = found
        answer.post = {
            "reactions": [],
            **describe_side(*side),
            "can_edit": can_edit_it or answer.user.is_superuser,
        }


def can_edit_post(user: User | AnonymousUser) -> Any:
    """What `PostQuerySet.editable_by` says, as a column instead of three queries."""
    writes = PostAuthor.objects.filter(post=OuterRef("pk"), user=user.pk)
    holder = Q(user=user.pk) | Q(group__user=user.pk)
    editors = Permission.objects.filter(
        holder, content_type__app_label="blog", codename="edit_any_post"
    )
    return Exists(writes) | Exists(editors)


def fill_comments(answer: Answer) -> None:
    """What the asker wrote: under the post, or where none was named anywhere."""
    if not answer.asking.is_somebody or (answer.slug and not answer.post_id):
        return
    written = written_by(answer.asking).select_related("guest")
    written = written.only(*TOLD)
    if answer.post_id:
        written = written.filter(post=answer.post_id)
    for comment in written.newest_first()[:MAX_COMMENTS]:
        answer.comments[comment.public_id] = describe(comment, answer)


def written_by(asking: Participant) -> CommentQuerySet:
    """Only for somebody."""
    if asking.visitor is not None:
        return Comment.objects.filter(guest__visitor=asking.visitor)
    return Comment.objects.filter(author=asking.user)


def describe(comment: Comment, answer: Answer) -> dict[str, Any]:
    return {
        "reactions": [],
        "can_edit": can_edit(answer.asking, comment, answer.site),
        "state": comment.state,
    }
