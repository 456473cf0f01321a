from __future__ import annotations

import base64
import secrets
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce, Length
from django.db.models.lookups import LessThanOrEqual
from django.urls import reverse
from django.utils import timezone

from blog.models import Post
from comments.models.guest import NAME_MAX_LENGTH, Guest
from comments.models.opinion import Side
from comments.querysets import CommentQuerySet
from core.invisible import BIDI_PATTERN

BODY_MAX_LENGTH = 20_000
PUBLIC_ID_PATTERN = r"[a-z2-7]{10}"
LEVELS = 3
"""So deep replies are set in; deeper ones stand flat and say whom they answer."""


def make_public_id() -> str:
    return base64.b32encode(secrets.token_bytes(7)).decode().lower()[:10]


class Comment(models.Model):
    """What somebody said under a post.

    `parent` is what it answers; `thread` is the first comment of its conversation, and
    empty for that one itself. `ancestors` are the keys from that one down to what it is
    set in under, `LEVELS` at most; in the order of `path` replies follow what they
    answer. Written by a member (`author`) or a guest, whose name stays as it was typed.
    """

    class State(models.TextChoices):
        VISIBLE = "visible", "visible"
        PENDING = "pending", "waiting"
        SPAM = "spam", "spam"
        REMOVED = "removed", "removed by a moderator"
        DELETED = "deleted", "deleted by its author"

    ENDED = (State.SPAM, State.REMOVED, State.DELETED)

    class WaitsFor(models.TextChoices):
        ADDRESS = "address", "its guest to confirm the address"
        MODERATOR = "moderator", "a moderator's look"
        REPORTS = "reports", "a moderator's look, since several people reported it"

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
    guest = models.ForeignKey(
        Guest, models.PROTECT, null=True, blank=True, related_name="comments"
    )
    guest_name = models.CharField(max_length=NAME_MAX_LENGTH, blank=True)
    side = models.ForeignKey(
        Side, models.RESTRICT, null=True, blank=True, related_name="comments"
    )
    body = models.TextField(
        validators=[MaxLengthValidator(BODY_MAX_LENGTH)],
        help_text="Empty where it was taken away long ago (`comments.retention`).",
    )
    body_html = models.TextField(editable=False)
    renderer_version = models.PositiveIntegerField(default=0, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.VISIBLE)
    waits_for = models.CharField(max_length=10, choices=WaitsFor, blank=True)
    key = models.CharField(
        max_length=64,
        help_text="Given by the form: the same key twice is the same comment.",
    )
    ancestors = ArrayField(models.BigIntegerField(), default=list, editable=False)
    path = models.GeneratedField(
        expression=Func(F("ancestors"), F("id"), function="array_append"),
        output_field=ArrayField(models.BigIntegerField()),
        db_persist=True,
    )
    reaction_counts = models.JSONField(default=dict, editable=False)
    score = models.FloatField(
        default=0,
        editable=False,
        help_text="Wilson lower bound (95 %) of the share of reactions for it.",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    edited_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text="When readers last saw it change: it then has a public history.",
    )
    state_changed_at = models.DateTimeField(null=True, editable=False)
    locked_at = models.DateTimeField(null=True, editable=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["public_id"], name="comment_public_id_is_unique"
            ),
            models.UniqueConstraint(
                fields=["author", "key"], name="comment_key_is_used_once"
            ),
            models.UniqueConstraint(
                fields=["key"],
                condition=Q(author=None),
                name="comment_key_of_guest_is_used_once",
            ),
            models.CheckConstraint(
                condition=Q(author=None) | Q(guest=None),
                name="comment_has_one_writer_at_most",
            ),
            models.CheckConstraint(
                condition=Q(guest=None, guest_name="")
                | Q(guest__isnull=False) & ~Q(guest_name=""),
                name="comment_of_guest_has_a_name",
            ),
            models.CheckConstraint(
                condition=~Q(guest_name__regex=BIDI_PATTERN),
                name="comment_guest_name_has_no_bidi_control",
            ),
            models.CheckConstraint(
                condition=Q(state="pending") & ~Q(waits_for="")
                | ~Q(state="pending") & Q(waits_for=""),
                name="comment_waits_for_something_while_pending",
            ),
            models.CheckConstraint(
                condition=Q(locked_at=None) | Q(thread=None),
                name="comment_that_is_locked_begins_a_thread",
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("body"), BODY_MAX_LENGTH),
                name="comment_body_is_not_too_long",
            ),
            models.CheckConstraint(
                condition=~Q(body="") | Q(state__in=["spam", "removed", "deleted"]),
                name="comment_that_is_seen_has_words",
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
                F("post"),
                F("score").desc(),
                F("created_at"),
                F("id"),
                condition=Q(thread=None),
                name="comment_best_of_post",
            ),
            models.Index(fields=["thread", "path"], name="comment_replies_of_thread"),
            models.Index(
                fields=["side", "created_at", "id"],
                condition=Q(side__isnull=False),
                name="comment_of_side",
            ),
            models.Index(
                fields=["created_at", "id"],
                condition=Q(state="pending"),
                name="comment_waiting",
            ),
            models.Index(
                fields=["state", "-state_changed_at"],
                condition=Q(state__in=["spam", "removed"]),
                name="comment_taken_away",
            ),
            models.Index(fields=["renderer_version", "id"], name="comment_oldest_html"),
            models.Index(
                Coalesce("state_changed_at", "created_at"),
                F("id"),
                condition=~Q(body="") & Q(state__in=["spam", "removed", "deleted"]),
                name="comment_whose_words_expire",
            ),
            models.Index(
                fields=["id"], condition=Q(body=""), name="comment_without_words"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    def get_absolute_url(self) -> str:
        return reverse("comments:comment_detail", args=[self.public_id])

    @property
    def author_name(self) -> str:
        return self.author.name if self.author else self.guest_name or "somebody"

    @property
    def level(self) -> int:
        """How deep it is set in: 0 begins a thread."""
        return len(self.ancestors)

    @property
    def is_in_locked_thread(self) -> bool:
        """Whether it takes no replies. Needs `thread`."""
        return (self.thread or self).locked_at is not None

    @property
    def is_visible(self) -> bool:
        return self.state == self.State.VISIBLE


class CommentRevision(models.Model):
    """What a comment said before it was edited.

    Public where readers saw it change (`comments.history`).
    """

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="revisions")
    body = models.TextField()
    replaced_at = models.DateTimeField(default=timezone.now)
    is_public = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.comment} before {self.replaced_at:%Y-%m-%d %H:%M}"
