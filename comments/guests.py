"""What people without an account say, and how it comes to be seen.

A guest is a browser with an address. Its lock comes after that of the post.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from blog.models import Post
from comments import moderation, services
from comments.models import Comment, Guest
from comments.permissions import accepts_guests
from core.models import SiteSettings

if TYPE_CHECKING:
    from uuid import UUID

    from comments.querysets import CommentQuerySet


@transaction.atomic
def submit_comment(
    *, post: Post, visitor: UUID, name: str, email: str, **said: Any
) -> Comment:
    """What `comments.services.submit_comment` does, for a browser with an address.

    Where somebody else's browser sent the same key, it is their comment that returns.
    """
    guest, is_new = Guest.objects.get_or_create(visitor=visitor, email=email)
    comment = services.submit_comment(post=post, guest=guest, name=name, **said)
    if is_new and comment.guest_id != guest.pk:
        guest.delete()
    return comment


def last_words(visitor: UUID | None) -> dict[str, str]:
    """The name and the address that this browser gave last, for its next form."""
    if visitor is None:
        return {}
    written = Comment.objects.filter(guest__visitor=visitor).newest_first()
    last = written.values_list("guest_name", "guest__email").first()
    return {"name": last[0], "email": last[1]} if last else {}


def waiting(guest: Guest) -> CommentQuerySet:
    """What is published once the guest's address is confirmed."""
    return guest.comments.filter(
        state=Comment.State.PENDING, waits_for=Comment.WaitsFor.ADDRESS
    )


def confirm(guest: Guest) -> None:
    """Trust the browser with the address, and publish what waited. Safe to repeat.

    Killed in between, it has done a part; what is left is done the next time.
    """
    # First and by itself: what comes from now on is seen at once.
    Guest.objects.filter(pk=guest.pk, trusted_at=None).update(trusted_at=timezone.now())
    for comment in waiting(guest).order_by("post_id", "pk"):
        publish(comment)


@transaction.atomic
def publish(comment: Comment) -> None:
    """Show it, or where guests cannot write any more have a moderator look at it."""
    posts = Post.objects.select_for_update(no_key=True)
    post = posts.defer("body", "body_html", "toc").get(pk=comment.post_id)
    comment = services.locked(comment)
    if comment.waits_for != Comment.WaitsFor.ADDRESS:
        return
    if accepts_guests(post, SiteSettings.load()):
        moderation.change_state(comment, Comment.State.VISIBLE)
    else:
        comment.waits_for = Comment.WaitsFor.MODERATOR
        comment.save(update_fields=["waits_for"])


def newest_visible(guest: Guest) -> Comment | None:
    """Where to lead a guest whose address is confirmed."""
    visible = guest.comments.visible().on_published_posts().newest_first()
    return visible.select_related("post", "thread").first()
