"""What decides whether a comment is seen, and what people report.

Locks are taken in one order: the post, the comment, the post's stats.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from blog.models import Post
from comments.models import Comment, Report
from comments.retention import WordsGone, is_past
from comments.services import locked, recount_comments

if TYPE_CHECKING:
    from accounts.models import User


def delete_comment(comment: Comment) -> Comment:
    """Take it off the page on its author's wish; what answers it stays."""
    return change_state(comment, Comment.State.DELETED)


def remove_comment(comment: Comment) -> Comment:
    """Take it off the page on a moderator's decision; what answers it stays."""
    return change_state(comment, Comment.State.REMOVED)


def restore_comment(comment: Comment) -> Comment:
    """Show what a moderator removed; what its author deleted stays deleted.

    Raises `comments.retention.WordsGone` after 30 days.
    """
    return change_state(comment, Comment.State.VISIBLE)


@transaction.atomic
def change_state(comment: Comment, state: Comment.State) -> Comment:
    # The post first: no reply slips in under a comment that is being taken away.
    post = Post.objects.select_for_update(no_key=True).get(pk=comment.post_id)
    comment = locked(comment)
    if comment.state in {state, Comment.State.DELETED}:
        return comment
    if state not in Comment.ENDED and is_past(comment):
        raise WordsGone
    comment.state = state
    comment.waits_for = ""
    comment.state_changed_at = timezone.now()
    comment.save(update_fields=["state", "waits_for", "state_changed_at"])
    recount_comments(post)
    return comment


def report_post(post: Post, *, reporter: User, reason: str, note: str = "") -> Report:
    """Tell the moderators; who tells again while it is open changes what they said."""
    return file_report(Report(post=post, reporter=reporter, reason=reason, note=note))


def report_comment(
    comment: Comment, *, reporter: User, reason: str, note: str = ""
) -> Report:
    """Tell the moderators; who tells again while it is open changes what they said."""
    return file_report(
        Report(comment=comment, reporter=reporter, reason=reason, note=note)
    )


@transaction.atomic
def file_report(report: Report) -> Report:
    try:
        with transaction.atomic():
            report.save()
    except IntegrityError:
        known = Report.objects.select_for_update().get(
            post=report.post,
            comment=report.comment,
            reporter=report.reporter,
            resolved_at=None,
        )
        known.reason, known.note = report.reason, report.note
        known.save(update_fields=["reason", "note"])
        return known
    return report


def resolve_report(report: Report, *, by: User) -> Report:
    """Close it; closed again, it keeps who was first."""
    Report.objects.filter(pk=report.pk, resolved_at=None).update(
        resolved_at=timezone.now(), resolved_by=by
    )
    report.refresh_from_db()
    return report
