"""What changes the words of comments; their state changes in `comments.moderation`.

Locks are taken in one order: the post, the comment, the post's stats.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from blog.images import resolver_for
from blog.models import Post, PostStats
from blog.people import pages_of
from comments import confirmation, worded
from comments.history import can_change, leaves_trace
from comments.models import LEVELS, Comment, CommentRevision, Guest, Side
from comments.permissions import OPEN_TO_GUESTS, comment_policy
from core import markup
from core.models import SiteSettings

if TYPE_CHECKING:
    from accounts.models import User

RENDERED = ("body_html", "renderer_version")
WAITS_FOR: dict[str, Comment.WaitsFor] = {
    SiteSettings.CommentPolicy.CONFIRM: Comment.WaitsFor.ADDRESS,
    SiteSettings.CommentPolicy.MODERATE: Comment.WaitsFor.MODERATOR,
}
LINK = re.compile(r'<a [^>]*href="(?![/#])')
LINKS_OF_UNTRUSTED = 3
TOO_MANY_LINKS = (
    "That is more than three links, which is what robots send. "
    "Take some out; once we know you, you may have more."
)


class Refused(Exception):
    """What was written is not taken."""


class PostGone(Refused):
    """The post was deleted or taken back while somebody wrote."""


class CommentsClosed(Refused):
    """The post, or the site, takes no more comments."""


class MembersOnly(Refused):
    """People without an account cannot comment here, or cannot any more."""


class ParentGone(Refused):
    """What is answered was deleted or hidden, or stands under another post."""


class ThreadLocked(ParentGone):
    """What is answered is there, in a thread that takes no more replies."""


class SideGone(Refused):
    """The side is none of those that this article asks about."""


class CommentGone(Exception):
    """The comment is not there to be changed."""


class StillWaits(Exception):
    """Nobody sees the comment yet, and the time for second thoughts is over."""


GONE = CommentGone, PostGone
"""Not there any more when it came to the act: erased, or for an edit taken away."""


class NewerWords(Exception):
    """The comment was edited elsewhere in the meantime; `words` are those of now."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def submit_comment(
    *,
    post: Post,
    author: User | None = None,
    guest: Guest | None = None,
    name: str = "",
    body: str,
    parent: Comment | None = None,
    key: str,
    side: Side | None = None,
) -> Comment:
    """Store a comment and count it; the same author and key give the same comment.

    Written by a member or, with a name, by a guest; all guests share their keys. What
    guests write who are not trusted waits, and where it waits for the address a mail
    goes out with it.

    Raises `PostGone`, `CommentsClosed`, `MembersOnly`, `ParentGone` (or
    `ThreadLocked`, which is one), `SideGone`,
    `core.markup.MarkupRefused`. None of them can be overtaken: the post is locked while
    they are checked.
    """
    comment = Comment(
        author=author, guest=guest, guest_name=name, body=body, key=key, side=side
    )
    render(comment)
    try:
        return store(comment, post, parent)
    except (IntegrityError, Refused, markup.MarkupRefused):
        # Only then is it worth a query, which others would have to wait for: what was
        # stored before is told again, even if now it would be refused.
        known = with_same_key(comment)
        if known is None:
            raise
        return known


@transaction.atomic
def store(comment: Comment, post: Post, parent: Comment | None) -> Comment:
    """The rendered comment under the locked post; its key must be new."""
    locked = worded.locked_post.first(pk=post.pk)
    if locked is None:
        raise PostGone
    comment.post = locked
    admit(comment)
    if parent is not None:
        parent = find_parent(locked, parent)
    comment.parent = parent
    comment.thread = (parent.thread or parent) if parent else None
    comment.ancestors = [*parent.ancestors, parent.pk][:LEVELS] if parent else []
    comment.save(force_insert=True)
    if comment.is_visible:
        recount_comments(locked)
    elif comment.guest and comment.waits_for == Comment.WaitsFor.ADDRESS:
        confirmation.send(comment.guest, locked)
    return comment


def with_same_key(comment: Comment) -> Comment | None:
    """What its author, or for guests anybody without an account, sent with its key."""
    if comment.author is None:
        return worded.guest_comment_by_key.first(key=comment.key)
    return worded.comment_by_key.first(author=comment.author.pk, key=comment.key)


def admit(comment: Comment) -> None:
    """Refuse it, or set what it waits for before it is seen."""
    policy = comment_policy(comment.post, SiteSettings.load())
    if policy == SiteSettings.CommentPolicy.CLOSED:
        raise CommentsClosed
    if not has_its_side(comment):
        raise SideGone("This side is not there any more. Please choose again.")
    if comment.guest is None:
        return
    if policy not in OPEN_TO_GUESTS:
        raise MembersOnly
    # Until this is stored nobody becomes trusted without publishing this, too.
    guest = Guest.objects.select_for_update(no_key=True).get(pk=comment.guest.pk)
    check_links(comment, guest)
    if guest.trusted_at:
        return
    comment.state = Comment.State.PENDING
    comment.waits_for = WAITS_FOR[policy]


def check_links(comment: Comment, guest: Guest | None) -> None:
    """Refuse what robots send, from a guest whom nobody trusts yet."""
    if guest is None or guest.trusted_at:
        return
    if len(LINK.findall(comment.body_html)) > LINKS_OF_UNTRUSTED:
        raise markup.MarkupRefused(TOO_MANY_LINKS)


def has_its_side(comment: Comment) -> bool:
    """Whether the side it takes, if any, is one that its article asks about now."""
    if comment.side is None:
        return True
    asked = Side.objects.filter(question__post=comment.post)
    return asked.filter(pk=comment.side.pk).exists()


def render(comment: Comment) -> None:
    """Set what is stored beside the body, from the body."""
    html = markup.render(
        comment.body,
        markup.Profile.COMMENT,
        anchor=comment.public_id,
        images=resolver_for(comment.body),
        people=pages_of,
        shows_pictures=shows_pictures(comment.body),
    ).html
    if not is_seen(html):
        raise markup.MarkupRefused("Nothing of this would be seen. Write a few words.")
    comment.body_html = html
    comment.renderer_version = markup.RENDERER_VERSION


def shows_pictures(body: str) -> bool:
    return "![" in body and SiteSettings.load().shows_comment_pictures


def preview(body: str) -> str:
    """The HTML that a comment would have. Raises `core.markup.MarkupRefused`."""
    comment = Comment(body=body)
    render(comment)
    return comment.body_html


def is_seen(html: str) -> bool:
    """Whether any of it is more than space and characters that do not show."""
    text = markup.plain_text(html)
    return "<img" in html or any(c.isprintable() and not c.isspace() for c in text)


def find_parent(post: Post, parent: Comment) -> Comment:
    try:
        visible = Comment.objects.on_post(post).visible().select_related("thread")
        parent = visible.get(pk=parent.pk)
    except Comment.DoesNotExist as error:
        raise ParentGone from error
    if parent.is_in_locked_thread:
        raise ThreadLocked
    return parent


@transaction.atomic
def edit_comment(comment: Comment, *, body: str, base: str = "") -> Comment:
    """Change the words and keep the old ones; the same words again change nothing.

    Whether readers are shown what it said is for `history.leaves_trace` to say. `base`
    is the `fingerprint` of the words that the editor began from, where it is known:
    newer ones are not written over. What waits goes on waiting. Raises `CommentGone`,
    `StillWaits`, `NewerWords`, `core.markup.MarkupRefused`.
    """
    comment, site = locked(comment), SiteSettings.load()
    if comment.state not in {Comment.State.VISIBLE, Comment.State.PENDING}:
        raise CommentGone
    if not can_change(comment, site):
        raise StillWaits
    if comment.body == body:
        return comment
    if base and base != fingerprint(comment.body):
        raise NewerWords(comment.body)
    is_public = comment.is_visible and leaves_trace(comment, site)
    now = timezone.now()
    CommentRevision.objects.create(
        comment=comment, body=comment.body, replaced_at=now, is_public=is_public
    )
    comment.body = body
    if is_public:
        comment.edited_at = now
    render(comment)
    check_links(comment, comment.guest)
    comment.save(update_fields=["body", "edited_at", *RENDERED])
    return comment


def fingerprint(body: str) -> str:
    """What tells these words from others in a form, where they would be too long."""
    return hashlib.sha256(body.encode()).hexdigest()[:32]


@transaction.atomic
def rerender_comment(pk: int) -> bool:
    """Bring what is stored beside the body up to the renderer: no edit.

    False, and nothing done, where it is fresh or gone, or being edited at this moment.
    Raises `core.markup.MarkupRefused`; the HTML then stays as it was.
    """
    stale = Comment.objects.filter(pk=pk, renderer_version__lt=markup.RENDERER_VERSION)
    comment = stale.select_for_update(no_key=True, skip_locked=True).first()
    if comment is None:
        return False
    if comment.body:
        render(comment)
    else:
        comment.renderer_version = markup.RENDERER_VERSION
    comment.save(update_fields=RENDERED)
    return True


def locked(comment: Comment) -> Comment:
    """As it is now. Raises `CommentGone`."""
    comments = Comment.objects.select_for_update(no_key=True)
    if found := comments.filter(pk=comment.pk).first():
        return found
    raise CommentGone


# No savepoint: whoever calls it within a transaction has nothing to go back to.
@transaction.atomic(savepoint=False)
def recount_comments(post: Post) -> int:
    """Count what is visible under the post, into its stats. Idempotent."""
    stats = locked_stats(post)
    count = worded.visible_count.first(post=post.pk) or 0
    if stats.comment_count != count:
        stats.comment_count = count
        stats.save(update_fields=["comment_count"])
    return count


def locked_stats(post: Post) -> PostStats:
    """The row of the counters, locked until the transaction ends. One query."""
    known = worded.locked_stats.first(post=post.pk)
    if known is None:
        PostStats.objects.get_or_create(post=post)
        (known,) = worded.locked_stats.all(post=post.pk)
    return known
