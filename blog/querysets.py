from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Self, cast

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

if TYPE_CHECKING:
    from accounts.models import User
    from blog.models import Post, PostAuthor, PreviewLink, Tag  # noqa: F401
    from core.statements import Given

RELATED_CANDIDATES = 200
RESTORABLE_FOR = timedelta(days=30)


class PostQuerySet(models.QuerySet["Post"]):
    def existing(self) -> Self:
        return self.filter(deleted_at=None)

    def published(self) -> Self:
        """What every reader may see, by the database's clock."""
        return self.existing().filter(published_at__lte=Now())

    def listed(self) -> Self:
        """Published posts that appear in lists, feeds and the sitemap."""
        return self.published().filter(listed=True)

    def scheduled(self) -> Self:
        return self.existing().filter(published_at__gt=Now())

    def next_in(self) -> timedelta | None:
        """How long until the next scheduled post is listed. One query, by an index."""
        listed = self.scheduled().filter(listed=True)
        wait = listed.aggregate(wait=models.Min("published_at") - Now())["wait"]
        return cast("timedelta | None", wait)

    def drafts(self) -> Self:
        return self.existing().filter(published_at=None)

    def restorable(self) -> Self:
        """What was deleted not too long ago to come back."""
        return self.filter(deleted_at__gt=Now() - RESTORABLE_FOR)

    def editable_by(self, user: User) -> Self:
        """What may be changed at the desk: everything, or one's own."""
        if user.has_perm("blog.edit_any_post"):
            return self
        return self.filter(bylines__user=user)

    def for_desk(self) -> Self:
        """With what the list of the desk shows. Two queries."""
        return (
            self.select_related("stats")
            .prefetch_related("bylines")
            .defer("body", "body_html", "toc")
        )

    def featured_first(self) -> Self:
        return self.order_by(
            F("featured_at").desc(nulls_last=True),
            F("published_at").desc(),
            F("id").desc(),
        )

    def newest_first(self) -> Self:
        return self.order_by(F("published_at").desc(), F("id").desc())

    def for_list(self) -> Self:
        """With what a teaser shows. Three queries, however many posts there are."""
        return self.with_company().defer("body", "body_html", "toc")

    def for_page(self) -> Self:
        """With what an article page shows of the post itself, cover and counters."""
        return self.select_related("cover", "stats").defer("body")

    def with_company(self) -> Self:
        """With cover and counters, authors and tags."""
        return self.select_related("cover", "stats").prefetch_related(
            "bylines",
            "tags",
        )

    def tagged(self, tag: Tag) -> Self:
        return self.filter(tags=tag)

    def written_by(self, user: User) -> Self:
        return self.filter(bylines__user=user)

    def related_to(self, pk: Given, tag_pks: Given) -> Self:
        """Recent listed posts that carry these tags, those that share most first.

        Each has `shared_tags`, the names of what they share. One query.
        """
        recent = (
            self.model._default_manager.listed()
            .filter(tags__pk__any_of=tag_pks)
            .exclude(pk=pk)
            .newest_first()
            .values("pk")[:RELATED_CANDIDATES]
        )
        is_shared = Q(tags__pk__any_of=tag_pks)
        return (
            self.filter(pk__in=recent)
            .annotate(
                shared_tags=ArrayAgg(
                    "tags__name", filter=is_shared, order_by="tags__name"
                ),
                shared_tag_count=models.Count("tags", filter=is_shared),
            )
            .order_by("-shared_tag_count", "-published_at", "-pk")
        )

    def older_than(self, published_at: Given, pk: Given) -> Self:
        return self.filter(
            Q(published_at__lt=published_at) | Q(published_at=published_at, pk__lt=pk)
        ).newest_first()

    def newer_than(self, published_at: Given, pk: Given) -> Self:
        return self.filter(
            Q(published_at__gt=published_at) | Q(published_at=published_at, pk__gt=pk)
        ).order_by("published_at", "pk")


class PostAuthorManager(models.Manager["PostAuthor"]):
    """Bylines come with their users: nobody shows one without the other."""

    def get_queryset(self) -> models.QuerySet[PostAuthor]:
        return super().get_queryset().select_related("user")


class TagQuerySet(models.QuerySet["Tag"]):
    def with_post_count(self) -> Self:
        """Tags that some listed post carries, each with `post_count`."""
        is_listed = Q(
            posts__deleted_at=None, posts__listed=True, posts__published_at__lte=Now()
        )
        return self.annotate(post_count=models.Count("posts", filter=is_listed)).filter(
            post_count__gt=0
        )


class PreviewLinkQuerySet(models.QuerySet["PreviewLink"]):
    def valid(self) -> Self:
        return self.filter(expires_at__gt=Now())
