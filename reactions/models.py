from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from blog.models import Post
from comments.models import Comment


class ReactionKind(models.Model):
    """One of the signs a reader may give; the owner edits them."""

    class Weight(models.IntegerChoices):
        FOR = 1, "for (+1)"
        NEUTRAL = 0, "neither (0)"
        AGAINST = -1, "against (−1)"

    slug = models.SlugField(max_length=30, unique=True)
    emoji = models.CharField(max_length=16)
    label = models.CharField(max_length=40)
    weight = models.SmallIntegerField(choices=Weight, default=Weight.FOR)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(weight__in=[-1, 0, 1]), name="reaction_kind_weight_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.emoji} {self.label}"


class Reaction(models.Model):
    """One kind, given by one reactor to one post or one comment."""

    kind = models.ForeignKey(ReactionKind, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.CASCADE, null=True, related_name="+")
    comment = models.ForeignKey(Comment, models.CASCADE, null=True, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+"
    )
    visitor = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(post=None, comment__isnull=False)
                | Q(post__isnull=False, comment=None),
                name="reaction_has_one_target",
            ),
            models.CheckConstraint(
                condition=Q(user=None, visitor__isnull=False)
                | Q(user__isnull=False, visitor=None),
                name="reaction_has_one_reactor",
            ),
            models.UniqueConstraint(
                fields=["post", "comment", "user", "visitor", "kind"],
                nulls_distinct=False,
                name="reaction_is_given_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.kind)
