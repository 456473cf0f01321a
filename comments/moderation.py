"""What decides whether a comment is seen, whether one may answer, and what is reported.

Every decision leaves an entry in the log, in the same transaction; one that comes too
late or twice changes nothing and leaves none. What was taken away comes back for 30
days, then `comments.retention.WordsGone` is raised. What was erased from the database
meanwhile raises one of `comments.services.GONE`. Locks are taken in one order: the
post, the guest, the comment, its reports, the post's stats.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from blog.models import Post
from comments.models import Comment, Guest, ModerationEntry, Report
from comments.permissions import accepts_comments
from comments.retention import WordsGone, is_past
from comments.services import (
    CommentGone,
    PostGone,
    fingerprint,
    locked,
    recount_comments,
)
from core.models import SiteSettings

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User

State = Comment.State
Action = ModerationEntry.Action

REPORTS_THAT_HIDE = 3
"""So many different people hide a comment until a moderator has looked at it."""

OUTCOMES = {
    Action.APPROVE: State.VISIBLE,
    Action.SPAM: State.SPAM,
    Action.REMOVE: State.REMOVED,
    Action.RESTORE: State.VISIBLE,
    Action.HIDE: State.REMOVED,
}
FITTING = {
    Action.APPROVE: {State.PENDING, State.SPAM},
    Action.SPAM: {State.VISIBLE, State.PENDING, State.REMOVED},
    Action.REMOVE: {State.VISIBLE, State.PENDING, State.SPAM},
    Action.RESTORE: {State.REMOVED, State.SPAM},
    Action.HIDE: {State.VISIBLE, State.PENDING},
}
"""From where a decision leads somewhere; nothing leads back from deleted."""


class WordsChanged(Exception):
    """Nobody looked yet at what the comment says now."""


class Decision(NamedTuple):
    comment: Comment
    entry: ModerationEntry | None
    """None where nothing was changed."""


def delete_comment(comment: Comment) -> Comment:
    """Take it off the page on its author's wish; what answers it stays. Not logged."""
    return change_state(comment, State.DELETED)


@transaction.atomic
def change_state(comment: Comment, state: Comment.State) -> Comment:
    """Change it without an entry: nobody decided over somebody else's words."""
    # The post first: no reply slips in under a comment that is being taken away.
    post = locked_post(comment.post_id)
    comment = locked(comment)
    if comment.state not in {state, State.DELETED}:
        put(comment, post, state)
    return comment


def approve_comment(comment: Comment, *, by: User) -> Comment:
    """Show what waits, was taken for spam or was reported, and trust its guest."""
    return decide(comment, Action.APPROVE, by=by).comment


def mark_spam(comment: Comment, *, by: User) -> Comment:
    return decide(comment, Action.SPAM, by=by).comment


def remove_comment(
    comment: Comment, *, by: User | None = None, reason: str = ""
) -> Comment:
    """Take it off the page; what answers it stays, its writer is told the reason."""
    return decide(comment, Action.REMOVE, by=by, reason=reason).comment


def restore_comment(comment: Comment, *, by: User | None = None) -> Comment:
    """Show what was removed; what its author deleted stays deleted."""
    return decide(comment, Action.RESTORE, by=by).comment


def hide_comment(comment: Comment, *, by: User) -> Comment:
    """Take it off the page for an author of the article."""
    return decide(comment, Action.HIDE, by=by).comment


@transaction.atomic
def decide(
    comment: Comment,
    action: Action,
    *,
    by: User | None,
    reason: str = "",
    seen: str = "",
) -> Decision:
    """Change the state by one of `OUTCOMES`, and close the reports it answers.

    `seen` is the `services.fingerprint` of the words that were looked at, where it is
    known. Raises `WordsChanged` where it would show others.
    """
    guest, post, comment = locked_all(comment)
    if not is_due(comment, action):
        return Decision(comment, None)
    is_other = bool(seen) and seen != fingerprint(comment.body)
    if action == Action.APPROVE and is_other:
        raise WordsChanged
    now = timezone.now()
    entry = record(comment, action, OUTCOMES[action], by=by, reason=reason, at=now)
    if action != Action.HIDE:
        answer_reports(comment, by=by, at=now)
    if action == Action.APPROVE and guest and guest.trusted_at is None:
        guest.trusted_at = now
        guest.save(update_fields=["trusted_at"])
    put(comment, post, OUTCOMES[action])
    return Decision(comment, entry)


def is_due(comment: Comment, action: Action) -> bool:
    """Whether the decision changes anything."""
    if comment.state in FITTING[action]:
        return True
    if action == Action.REMOVE:
        # What an author has hidden an author could show again.
        return is_hidden(comment)
    if action == Action.APPROVE and comment.is_visible:
        return comment.reports.filter(resolved_at=None).exists()
    return False


def is_hidden(comment: Comment) -> bool:
    """Whether an author of the article hid it, and no moderator decided since."""
    last = last_decision(comment)
    is_removed = comment.state == State.REMOVED
    return is_removed and last is not None and last.action == Action.HIDE


def last_decision(comment: Comment) -> ModerationEntry | None:
    return ModerationEntry.objects.about_state().filter(comment=comment).first()


@transaction.atomic
def unhide_comment(comment: Comment, *, by: User) -> Decision:
    """Put back what an author of the article has hidden: as it was, seen or waiting."""
    _, post, comment = locked_all(comment)
    hiding = last_decision(comment)
    if hiding is None or not is_hidden(comment):
        return Decision(comment, None)
    entry = record(comment, Action.RESTORE, State(hiding.state_before), by=by)
    put(comment, post, State(hiding.state_before), waits_for=hiding.waited_for)
    return Decision(comment, entry)


@transaction.atomic
def undo(entry: ModerationEntry, *, by: User) -> Decision:
    """Take back a decision while it is the last one: the state before it, again.

    Reports that it answered are open again, a guest whom it made trusted is not.
    """
    found = Comment.objects.filter(log=entry).first()
    if found is None:
        raise CommentGone
    guest, post, comment = locked_all(found)
    is_last = last_decision(comment) == entry and entry.action in OUTCOMES
    state = State(entry.state_before or comment.state)
    if not (is_last and comment.state == entry.state_after):
        return Decision(comment, None)
    taken_back = record(comment, Action.UNDO, state, by=by)
    open_reports(comment, entry.created_at)
    if guest and guest.trusted_at == entry.created_at:
        guest.trusted_at = None
        guest.save(update_fields=["trusted_at"])
    put(comment, post, state, waits_for=entry.waited_for)
    return Decision(comment, taken_back)


def locked_all(comment: Comment) -> tuple[Guest | None, Post, Comment]:
    post = locked_post(comment.post_id)
    guests = Guest.objects.select_for_update(no_key=True)
    guest = guests.filter(pk=comment.guest_id).first() if comment.guest_id else None
    return guest, post, locked(comment)


def locked_post(pk: int) -> Post:
    posts = Post.objects.defer("body", "body_html", "toc")
    if post := posts.select_for_update(no_key=True).filter(pk=pk).first():
        return post
    raise PostGone


def put(
    comment: Comment, post: Post, state: Comment.State, *, waits_for: str = ""
) -> None:
    """Give the locked comment its state, and count where that is seen.

    Raises `comments.retention.WordsGone` where its words are to be seen after 30 days.
    """
    if state not in Comment.ENDED and is_past(comment):
        raise WordsGone
    is_same = (comment.state, comment.waits_for) == (state, waits_for)
    # Removed once more is removed by somebody else, which the page says.
    if is_same and state != State.REMOVED:
        return
    is_counted = State.VISIBLE in {comment.state, state}
    comment.state = state
    comment.waits_for = waits_for
    comment.state_changed_at = timezone.now()
    comment.save(update_fields=["state", "waits_for", "state_changed_at"])
    if is_counted:
        recount_comments(post)


def record(
    comment: Comment,
    action: Action,
    state: Comment.State,
    *,
    by: User | None,
    reason: str = "",
    at: datetime | None = None,
) -> ModerationEntry:
    """Add to the log, before the comment is changed."""
    return ModerationEntry.objects.create(
        comment=comment,
        post_id=comment.post_id,
        by=by,
        action=action,
        reason=reason,
        state_before=comment.state,
        state_after=state,
        waited_for=comment.waits_for,
        created_at=at or timezone.now(),
    )


def lock_thread(comment: Comment, *, by: User) -> Comment:
    """Take no more replies in its thread, which is returned by its first comment."""
    return set_lock(comment, by=by, is_locked=True)


def unlock_thread(comment: Comment, *, by: User) -> Comment:
    return set_lock(comment, by=by, is_locked=False)


@transaction.atomic
def set_lock(comment: Comment, *, by: User, is_locked: bool) -> Comment:
    # The post first: no reply slips in while the thread is being locked.
    locked_post(comment.post_id)
    start = locked(comment.thread or comment)
    if is_locked == (start.locked_at is not None):
        return start
    start.locked_at = timezone.now() if is_locked else None
    start.save(update_fields=["locked_at"])
    ModerationEntry.objects.create(
        comment=start,
        post_id=start.post_id,
        by=by,
        action=Action.LOCK if is_locked else Action.UNLOCK,
    )
    return start


@transaction.atomic
def close_comments(post: Post, *, by: User) -> Post:
    """Take no more comments under the post."""
    post = locked_post(post.pk)
    if post.comment_policy != Post.CommentPolicy.CLOSED:
        set_policy(post, Post.CommentPolicy.CLOSED, Action.CLOSE, by=by)
    return post


@transaction.atomic
def open_comments(post: Post, *, by: User) -> Post:
    """Take comments again, from whom the site does; in spite of age or of the site."""
    post, site = locked_post(post.pk), SiteSettings.load()
    if accepts_comments(post, site):
        return post
    post.comment_policy = Post.CommentPolicy.SITE
    if not accepts_comments(post, site):
        is_closed = site.comment_policy == site.CommentPolicy.CLOSED
        post.comment_policy = (
            Post.CommentPolicy.MEMBERS if is_closed else site.comment_policy
        )
    set_policy(post, post.comment_policy, Action.OPEN, by=by)
    return post


def set_policy(post: Post, policy: str, action: Action, *, by: User) -> None:
    post.comment_policy = policy
    post.save(update_fields=["comment_policy"])
    ModerationEntry.objects.create(post=post, by=by, action=action)


def log_policy(before: Post, post: Post, *, by: User | None) -> None:
    """Note that a post was closed or opened by saving it, if it was."""
    site = SiteSettings.load()
    accepts = accepts_comments(post, site)
    if accepts != accepts_comments(before, site):
        action = Action.OPEN if accepts else Action.CLOSE
        ModerationEntry.objects.create(post=post, by=by, action=action)


def report_post(post: Post, *, reporter: User, reason: str, note: str = "") -> Report:
    """Tell the moderators; who tells again while it is open changes what they said."""
    return file_report(Report(post=post, reporter=reporter, reason=reason, note=note))


def report_comment(
    comment: Comment, *, reporter: User, reason: str, note: str = ""
) -> Report:
    """Tell the moderators; who tells again while it is open changes what they said.

    Hides the comment when so many did that a moderator should look first.
    """
    return file_report(
        Report(comment=comment, reporter=reporter, reason=reason, note=note)
    )


@transaction.atomic
def file_report(report: Report) -> Report:
    target = report.comment or report
    post = locked_post(target.post_id or 0)
    comment = locked(report.comment) if report.comment else None
    known = Report.objects.filter(
        post=report.post,
        comment=comment,
        reporter=report.reporter,
        resolved_at=None,
    ).first()
    if known:
        known.reason, known.note = report.reason, report.note
        known.save(update_fields=["reason", "note"])
        return known
    report.save()
    if comment and comment.is_visible and is_reported_enough(comment):
        record(comment, Action.REPORTED, State.PENDING, by=None)
        put(comment, post, State.PENDING, waits_for=Comment.WaitsFor.REPORTS)
    return report


def is_reported_enough(comment: Comment) -> bool:
    """Whether enough different people want it looked at.

    Whose report of the same words was answered before does not count again.
    """
    edited_at = comment.revisions.aggregate(last=Max("replaced_at"))["last"]
    answered = comment.reports.exclude(reporter=None).exclude(resolved_at=None)
    if edited_at:
        answered = answered.filter(resolved_at__gt=edited_at)
    waiting = comment.reports.filter(resolved_at=None).exclude(reporter=None)
    counted = waiting.exclude(reporter__in=answered.values("reporter"))
    return counted.count() >= REPORTS_THAT_HIDE


def answer_reports(comment: Comment, *, by: User | None, at: datetime) -> None:
    """Close what is open about it: the decision is the answer."""
    comment.reports.filter(resolved_at=None).update(resolved_at=at, resolved_by=by)


def open_reports(comment: Comment, answered_at: datetime) -> None:
    """Open again what was answered then, unless the same person has told again."""
    told_again = comment.reports.filter(resolved_at=None).values("reporter")
    comment.reports.filter(resolved_at=answered_at).exclude(
        reporter__isnull=False, reporter__in=told_again
    ).update(resolved_at=None, resolved_by=None)


def resolve_report(report: Report, *, by: User) -> None:
    """Close it; closed again, it keeps who was first."""
    Report.objects.filter(pk=report.pk, resolved_at=None).update(
        resolved_at=timezone.now(), resolved_by=by
    )
