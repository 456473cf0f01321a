from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxLengthValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.urls import reverse
from django.utils import timezone

from blog.models.image import Image
from blog.models.tag import Tag, validate_slug
from blog.querysets import PostAuthorManager, PostQuerySet
from core.invisible import BIDI_PATTERN
from core.slugs import MAX_LENGTH

BODY_MAX_LENGTH = 300_000
EXCERPT_LENGTH = 240
WORDS_PER_MINUTE = 230
EDITED_AFTER = timedelta(minutes=10)


# The shape of BCP 47, with letters first; whether anybody speaks it is not asked.
LANGUAGE_MAX_LENGTH = 12
LANGUAGE_PATTERN = r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*"
validate_language = RegexValidator(
    rf"\A{LANGUAGE_PATTERN}\Z", "A language tag looks like en, de or pt-BR."
)


class Post(models.Model):
    """An article: words, and what was rendered from them when they were saved.

    `published_at` says what it is: empty, a draft; in the future, scheduled; else
    public. Change it through `blog.services`, which keeps slugs, revisions and the
    rendered text in step.
    """

    class CommentPolicy(models.TextChoices):
        SITE = "site", "as the site says"
        CONFIRM = "confirm", "open to all; guests confirm their address"
        MODERATE = "moderate", "open to all; guests wait for a moderator"
        MEMBERS = "members", "open to members"
        CLOSED = "closed", "closed"

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        SCHEDULED = "scheduled", "Scheduled"
        PUBLISHED = "published", "Published"
        DELETED = "deleted", "Deleted"

    title = models.CharField(max_length=200)
    slug = models.CharField(max_length=MAX_LENGTH, validators=[validate_slug])
    summary = models.TextField(
        max_length=400,
        blank=True,
        help_text="Shown in lists and to search engines. Empty: the first words.",
    )
    body = models.TextField(
        blank=True, validators=[MaxLengthValidator(BODY_MAX_LENGTH)]
    )
    body_html = models.TextField(blank=True, editable=False)
    excerpt = models.CharField(max_length=EXCERPT_LENGTH, blank=True, editable=False)
    toc = models.JSONField(default=list, blank=True, editable=False)
    word_count = models.PositiveIntegerField(default=0, editable=False)
    renderer_version = models.PositiveIntegerField(default=0, editable=False)

    authors: models.ManyToManyField[models.Model, PostAuthor] = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="PostAuthor", related_name="posts"
    )
    tags = models.ManyToManyField(Tag, blank=True, related_name="posts")
    cover = models.ForeignKey(
        Image, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    cover_alt = models.CharField(
        max_length=300,
        blank=True,
        help_text="What the cover shows, for who cannot see.",
    )
    images = models.ManyToManyField(Image, editable=False, related_name="posts")
    language = models.CharField(
        max_length=LANGUAGE_MAX_LENGTH,
        default="en",
        validators=[validate_language],
        help_text="A language tag: en, de, pt-BR.",
    )
    canonical_url = models.URLField(
        blank=True, help_text="Only where the article appeared elsewhere first."
    )
    comment_policy = models.CharField(
        max_length=10, choices=CommentPolicy, default=CommentPolicy.SITE
    )
    listed = models.BooleanField(
        default=True, help_text="Off: readable by its address, absent from lists."
    )

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    published_at = models.DateTimeField(null=True, blank=True)
    featured_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = PostQuerySet.as_manager()

    class Meta:
        permissions: ClassVar = [
            ("edit_any_post", "Can edit everybody's posts"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["slug"], name="post_slug_is_unique"),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("body"), BODY_MAX_LENGTH),
                name="post_body_is_not_too_long",
            ),
            models.CheckConstraint(
                condition=Q(language__regex=rf"^{LANGUAGE_PATTERN}$"),
                name="post_language_is_a_tag",
            ),
            models.CheckConstraint(
                condition=~Q(title__regex=BIDI_PATTERN),
                name="post_title_has_no_bidi_control",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                F("featured_at").desc(nulls_last=True),
                F("published_at").desc(),
                F("id").desc(),
                condition=Q(deleted_at=None, listed=True, published_at__isnull=False),
                name="post_home_order",
            ),
            models.Index(
                F("published_at").desc(),
                F("id").desc(),
                condition=Q(deleted_at=None, listed=True, published_at__isnull=False),
                name="post_newest_first",
            ),
            models.Index(fields=["renderer_version", "id"], name="post_oldest_html"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("blog:post_detail", args=[self.slug])

    @property
    def state(self) -> State:
        if self.deleted_at:
            return self.State.DELETED
        if not self.published_at:
            return self.State.DRAFT
        if self.published_at > timezone.now():
            return self.State.SCHEDULED
        return self.State.PUBLISHED

    @property
    def is_published(self) -> bool:
        """The same fact as `PostQuerySet.published()`, for a loaded row."""
        return self.state == self.State.PUBLISHED

    @property
    def is_edited(self) -> bool:
        """Whether the words changed well after readers first saw them."""
        return bool(
            self.published_at and self.updated_at > self.published_at + EDITED_AFTER
        )

    @property
    def teaser(self) -> str:
        """The summary, or the first words."""
        return self.summary or self.excerpt

    @property
    def reading_minutes(self) -> int:
        return max(1, round(self.word_count / WORDS_PER_MINUTE))


class PostSlug(models.Model):
    """Every slug a post has had, its own among them: a foreign key says so."""

    slug = models.CharField(max_length=MAX_LENGTH, primary_key=True)
    post = models.ForeignKey(Post, models.CASCADE, related_name="slugs")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["post", "slug"], name="post_slug_pair"),
        ]

    def __str__(self) -> str:
        return self.slug


class PostAuthor(models.Model):
    post = models.ForeignKey(Post, models.CASCADE, related_name="bylines")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="bylines"
    )
    position = models.PositiveSmallIntegerField(default=0)

    objects = PostAuthorManager()

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["post", "user"], name="post_author_is_named_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)


class PostStats(models.Model):
    """Counters of a post, apart from it, so that no form ever saves a stale one.

    Written only under a lock on this row, by counting again. `side_counts` has for the
    slug of each side how many members and how many visitors took it:
    `{"tea": {"members": 3, "visitors": 5}}`.
    """

    post = models.OneToOneField(
        Post, models.CASCADE, primary_key=True, related_name="stats"
    )
    comment_count = models.PositiveIntegerField(default=0)
    reaction_counts = models.JSONField(default=dict)
    side_counts = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "post stats"

    def __str__(self) -> str:
        return f"{self.comment_count} comments"


class PostTag(Post.tags.through):  # type: ignore[name-defined,misc]
    """The table between posts and tags, by a name that triggers can be given to."""

    class Meta:
        proxy = True
        default_permissions = ()
