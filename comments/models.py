from __future__ import annotations

import base64
import secrets
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.urls import reverse
from django.utils import timezone

from blog.models import Post
from comments.querysets import CommentQuerySet

BODY_MAX_LENGTH = 20_000
PUBLIC_ID_PATTERN = r"[a-z2-7]{10}"


def make_public_id() -> str:
    return base64.b32encode(secrets.token_bytes(7)).decode().lower()[:10]


class Comment(models.Model):
    """What somebody said under a post.

    `parent` is what it answers; `thread` is the first comment of its conversation, and
    empty for that one itself.
    """

    class State(models.TextChoices):
        VISIBLE = "visible", "visible"
        PENDING = "pending", "waiting"
        SPAM = "spam", "spam"
        REMOVED = "removed", "removed by a moderator"
        DELETED = "deleted", "deleted by its author"

    public_id = models.CharField(max_length=10, default=make_public_id, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="+")
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="replies"
    )
    thread = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="thread_replies"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="comments"
    )
    body = models.TextField(validators=[MaxLengthValidator(BODY_MAX_LENGTH)])
    body_html = models.TextField(editable=False)
    renderer_version = models.PositiveIntegerField(default=0, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.VISIBLE)
    key = models.CharField(
        max_length=64,
        help_text="Given by the form: the same key twice is the same comment.",
    )
    reaction_counts = models.JSONField(default=dict, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    edited_at = models.DateTimeField(null=True, editable=False)
    state_changed_at = models.DateTimeField(null=True, editable=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["public_id"], name="comment_public_id_is_unique"
            ),
            models.UniqueConstraint(
                fields=["author", "key"], name="comment_key_is_used_once"
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("body"), BODY_MAX_LENGTH),
                name="comment_body_is_not_too_long",
            ),
            models.CheckConstraint(
                condition=Q(parent=None, thread=None)
                | Q(parent__isnull=False, thread__isnull=False),
                name="comment_reply_has_a_thread",
            ),
            models.CheckConstraint(
                condition=~Q(parent=F("id")), name="comment_does_not_answer_itself"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["post", "created_at", "id"],
                condition=Q(thread=None),
                name="comment_threads_of_post",
            ),
            models.Index(
                fields=["thread", "created_at", "id"], name="comment_replies_of_thread"
            ),
            models.Index(fields=["renderer_version", "id"], name="comment_oldest_html"),
        ]

    def __str__(self) -> str:
        return self.public_id

    def get_absolute_url(self) -> str:
        return reverse("comments:comment_detail", args=[self.public_id])

    @property
    def author_name(self) -> str:
        return self.author.name if self.author else "somebody"

    @property
    def is_visible(self) -> bool:
        return self.state == self.State.VISIBLE


class CommentRevision(models.Model):
    """What a comment said before it was edited."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="revisions")
    body = models.TextField()
    replaced_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.comment} before {self.replaced_at:%Y-%m-%d %H:%M}"


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
