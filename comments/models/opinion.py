from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from blog.models import Post
from core.invisible import BIDI_PATTERN

SIDES_MIN = 2
SIDES_MAX = 6
SIDE_SLUG_LENGTH = 40


class Question(models.Model):
    """What an article asks its readers, who take one of its sides."""

    class Results(models.TextChoices):
        ALWAYS = "always", "always"
        AFTER_VOTING = "voted", "to those who have taken a side"

    post = models.OneToOneField(Post, models.CASCADE, related_name="question")
    text = models.CharField(max_length=200)
    results = models.CharField(
        "results are shown", max_length=10, choices=Results, default=Results.ALWAYS
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(text__regex=BIDI_PATTERN),
                name="question_text_has_no_bidi_control",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def shows_results(self) -> bool:
        """Whether the public page may hold numbers."""
        return self.results == self.Results.ALWAYS


class Side(models.Model):
    """One answer to a question. The slug is in pages and counts: it stays.

    Each color has a sign of its own, so that nobody needs to tell colors apart.
    """

    class Color(models.TextChoices):
        BLUE = "blue", "blue"
        ORANGE = "orange", "orange"
        GREEN = "green", "green"
        PURPLE = "purple", "purple"
        RED = "red", "red"
        TEAL = "teal", "teal"

    SIGNS: ClassVar = dict(zip(Color, "●■▲◆✚★", strict=True))

    question = models.ForeignKey(Question, models.CASCADE, related_name="sides")
    slug = models.CharField(max_length=SIDE_SLUG_LENGTH)
    label = models.CharField(max_length=40)
    color = models.CharField(max_length=10, choices=Color)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["question", "slug"], name="side_slug_is_unique"
            ),
            models.UniqueConstraint(
                fields=["question", "position"],
                name="side_position_is_unique",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(position__lt=SIDES_MAX), name="side_is_one_of_six"
            ),
            models.CheckConstraint(
                condition=~Q(label__regex=BIDI_PATTERN),
                name="side_label_has_no_bidi_control",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def sign(self) -> str:
        return self.SIGNS[self.Color(self.color)]


class Vote(models.Model):
    """The side somebody has taken: one a question, which can be changed.

    `network` is a keyed digest of where a visitor voted from, kept for a while to tell
    the owner how much of the result comes from few places; empty for members.
    """

    question = models.ForeignKey(Question, models.CASCADE, related_name="votes")
    side = models.ForeignKey(Side, models.RESTRICT, related_name="votes")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+"
    )
    visitor = models.UUIDField(null=True)
    network = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(user=None, visitor__isnull=False)
                | Q(user__isnull=False, visitor=None),
                name="vote_has_one_voter",
            ),
            models.UniqueConstraint(
                fields=["question", "user", "visitor"],
                nulls_distinct=False,
                name="vote_is_cast_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["visitor"],
                condition=Q(visitor__isnull=False),
                name="vote_of_visitor",
            ),
            models.Index(
                fields=["created_at"],
                condition=~Q(network=""),
                name="vote_with_network",
            ),
        ]

    def __str__(self) -> str:
        return str(self.side)
