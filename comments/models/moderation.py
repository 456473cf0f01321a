from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from blog.models import Post
from comments.models.comment import Comment
from comments.querysets import ModerationEntryQuerySet


class Report(models.Model):
    """Somebody's word that a post or a comment should be looked at."""

    class Reason(models.TextChoices):
        SPAM = "spam", "Spam or advertising"
        ABUSE = "abuse", "Insult, threat or harassment"
        ILLEGAL = "illegal", "Against the law"
        FALSE = "false", "Wrong or misleading"
        OTHER = "other", "Something else"

    post = models.ForeignKey(
        Post, models.CASCADE, null=True, blank=True, related_name="+"
    )
    comment = models.ForeignKey(
        Comment, models.CASCADE, null=True, blank=True, related_name="reports"
    )
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    reason = models.CharField(max_length=10, choices=Reason)
    note = models.TextField(max_length=2000, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(post=None, comment__isnull=False)
                | Q(post__isnull=False, comment=None),
                name="report_has_one_target",
            ),
            models.UniqueConstraint(
                fields=["post", "reporter"],
                condition=Q(resolved_at=None),
                name="report_of_post_is_open_once",
            ),
            models.UniqueConstraint(
                fields=["comment", "reporter"],
                condition=Q(resolved_at=None),
                name="report_of_comment_is_open_once",
            ),
        ]

    def __str__(self) -> str:
        return self.get_reason_display()


class ModerationEntry(models.Model):
    """What was decided about a comment, a thread or a post, by whom and why.

    Only ever added to: the database refuses to change or delete a row. It points at
    what may be gone by now, so nothing holds the other end.
    """

    class Action(models.TextChoices):
        APPROVE = "approve", "approved"
        SPAM = "spam", "marked as spam"
        REMOVE = "remove", "removed"
        RESTORE = "restore", "restored"
        HIDE = "hide", "hidden by an author of the article"
        REPORTED = "reported", "hidden after several reports"
        UNDO = "undo", "decision taken back"
        LOCK = "lock", "thread locked"
        UNLOCK = "unlock", "thread unlocked"
        CLOSE = "close", "comments closed"
        OPEN = "open", "comments opened"

    comment = models.ForeignKey(
        Comment, models.DO_NOTHING, null=True, related_name="log", db_constraint=False
    )
    post = models.ForeignKey(
        Post, models.DO_NOTHING, related_name="+", db_constraint=False
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        related_name="+",
        db_constraint=False,
    )
    action = models.CharField(max_length=10, choices=Action)
    reason = models.CharField(max_length=300, blank=True)
    state_before = models.CharField(max_length=10, choices=Comment.State, blank=True)
    state_after = models.CharField(max_length=10, choices=Comment.State, blank=True)
    waited_for = models.CharField(
        max_length=10, choices=Comment.WaitsFor, blank=True, help_text="Before."
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = ModerationEntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "moderation log"
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["comment", "-id"], name="moderation_of_comment"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="only_added_to", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} at {self.created_at:%Y-%m-%d %H:%M}"
