"""What people without an account say, and how it comes to be seen.

A guest is a browser with an address. Its lock comes after that of the post.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from blog.models import Post
from comments import moderation, opinions, services
from comments.models import Comment, Guest, Question, Vote
from comments.permissions import accepts_comments, accepts_guests
from comments.signals import visitor_became_member
from core.models import SiteSettings

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import User
    from comments.querysets import CommentQuerySet


def submit_comment(
    *, post: Post, visitor: UUID, name: str, email: str, **said: Any
) -> Comment:
    """What `comments.services.submit_comment` does, for a browser with an address.

    Where somebody else's browser sent the same key, it is their comment that returns.
    """
    said |= {"post": post, "visitor": visitor, "name": name, "email": email}
    try:
        return submit(**said)
    except Guest.DoesNotExist:
        # Forgotten (`comments.retention`) after it was found; a new one is kept.
        return submit(**said)


@transaction.atomic
def submit(*, post: Post, visitor: UUID, name: str, email: str, **said: Any) -> Comment:
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
    trust(guest)
    for comment in waiting(guest).order_by("pk"):
        publish(comment)


def trust(guest: Guest) -> None:
    Guest.objects.filter(pk=guest.pk, trusted_at=None).update(trusted_at=timezone.now())


@transaction.atomic
def publish(comment: Comment) -> None:
    """Show it, or where one cannot write any more have a moderator look at it.

    Nothing where it was forgotten meanwhile.
    """
    try:
        post, found = locked(comment)
    except services.GONE:
        return
    if found.waits_for != Comment.WaitsFor.ADDRESS:
        return
    accepts = accepts_comments if found.author_id else accepts_guests
    if accepts(post, SiteSettings.load()):
        moderation.change_state(found, Comment.State.VISIBLE)
    else:
        found.waits_for = Comment.WaitsFor.MODERATOR
        found.save(update_fields=["waits_for"])


def locked(comment: Comment) -> tuple[Post, Comment]:
    """Both as they are now. Raises one of `services.GONE`."""
    return moderation.locked_post(comment.post_id), services.locked(comment)


def guest_of_member(user: User, visitor: UUID) -> Guest | None:
    """The guest that the browser was with the member's own address."""
    return Guest.objects.filter(visitor=visitor, email=user.email.lower()).first()


def is_theirs(user: User, visitor: UUID) -> bool:
    """Whether what the browser did is the member's, who signed in there.

    It gave the member's address, or never gave one: then nothing speaks against it.
    """
    given = Guest.objects.filter(visitor=visitor).values_list("email", flat=True)
    return not given or user.email.lower() in given


def adopt(user: User, visitor: UUID) -> None:
    """Make the member's what was done in the browser, if it is theirs.

    Only for an address that is confirmed. Safe to repeat, and to do twice at once; each
    comment, vote and reaction is one transaction, so that no two locks wait crosswise.
    """
    if not is_theirs(user, visitor):
        return
    if guest := guest_of_member(user, visitor):
        trust(guest)
        for comment in guest.comments.order_by("pk"):
            hand_over(comment, user)
    for vote in Vote.objects.filter(visitor=visitor).select_related("question__post"):
        hand_over_vote(vote, user)
    visitor_became_member.send(Guest, user=user, visitor=visitor)


@transaction.atomic
def hand_over(comment: Comment, user: User) -> None:
    """Make it the member's; nothing where it was forgotten meanwhile."""
    try:
        _, found = locked(comment)
    except services.GONE:
        return
    if found.guest_id is None:
        return
    found.author, found.guest, found.guest_name = user, None, ""
    if Comment.objects.filter(author=user, key=found.key).exists():
        found.key = secrets.token_urlsafe(16)
    found.save(update_fields=["author", "guest", "guest_name", "key"])
    publish(found)


@transaction.atomic
def hand_over_vote(vote: Vote, user: User) -> None:
    """One of two stays, the member's own. A closed question stays as it stood."""
    stats = services.locked_stats(vote.question.post)
    question = Question.objects.get(pk=vote.question_id)
    given = Vote.objects.filter(pk=vote.pk, visitor__isnull=False)
    if question.is_closed:
        return
    if Vote.objects.filter(question=question, user=user).exists():
        given.delete()
    else:
        given.update(user=user, visitor=None, network="")
    opinions.recount(question, stats)


def newest_visible(guest: Guest) -> Comment | None:
    """Where to lead a guest whose address is confirmed."""
    visible = guest.comments.visible().on_published_posts().newest_first()
    return visible.select_related("post", "thread").first()
