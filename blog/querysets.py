from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

if TYPE_CHECKING:
    from accounts.models import User
    from blog.models import Post, Tag


class PostQuerySet(models.QuerySet["Post"]):
    def existing(self) -> Self:
        return self.filter(deleted_at=None)

    def published(self) -> Self:
        """What every reader may see, by the database's clock."""
        return self.existing().filter(published_at__lte=Now())

    def listed(self) -> Self:
        """Published posts that appear in lists, feeds and the sitemap."""
        return self.published().filter(listed=True)

    def editable_by(self, user: User) -> Self:
        """What may be changed at the desk: everything, or one's own."""
        if user.has_perm("blog.edit_any_post"):
            return self
        return self.filter(bylines__user=user)

    def featured_first(self) -> Self:
        return self.order_by(
            F("featured_at").desc(nulls_last=True),
            F("published_at").desc(),
            F("id").desc(),
        )

    def newest_first(self) -> Self:
        return self.order_by(F("published_at").desc(), F("id").desc())

    def for_list(self) -> Self:
        """With what a teaser shows. Three queries, whatever the number of posts."""
        return (
            self.select_related("cover", "stats")
            .prefetch_related("bylines__user", "tags")
            .defer("body", "body_html", "toc")
        )

    def for_page(self) -> Self:
        """With what an article page shows of the post itself. Three queries."""
        return (
            self.select_related("cover", "stats")
            .prefetch_related("bylines__user", "tags")
            .defer("body")
        )

    def tagged(self, tag: Tag) -> Self:
        return self.filter(tags=tag)

    def written_by(self, user: User) -> Self:
        return self.filter(bylines__user=user)

    def related_to(self, post: Post) -> Self:
        """Other listed posts that share a tag with it, most shared tags first.

        Each has `shared_tag_count`.
        """
        return (
            self.listed()
            .filter(tags__in=post.tags.all())
            .exclude(pk=post.pk)
            .annotate(shared_tag_count=models.Count("tags"))
            .order_by("-shared_tag_count", "-published_at", "-pk")
        )

    def older_than(self, post: Post) -> Self:
        return self.filter(
            Q(published_at__lt=post.published_at)
            | Q(published_at=post.published_at, pk__lt=post.pk)
        ).newest_first()

    def newer_than(self, post: Post) -> Self:
        return self.filter(
            Q(published_at__gt=post.published_at)
            | Q(published_at=post.published_at, pk__gt=post.pk)
        ).order_by("published_at", "pk")
