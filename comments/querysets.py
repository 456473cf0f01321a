from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Window
from django.db.models.functions import RowNumber

from blog.models import Post
from comments.permissions import can_moderate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from comments.models import Comment

VISIBLE = "visible"


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible(self) -> Self:
        return self.filter(state=VISIBLE)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """What may be looked at on a private page; moderators see all."""
        return self if can_moderate(user) else self.visible()

    def on_post(self, post: Post) -> Self:
        return self.filter(post=post)

    def on_published_posts(self) -> Self:
        return self.filter(post__in=Post.objects.published())

    def starting_threads(self) -> Self:
        return self.filter(thread=None)

    def shown(self) -> Self:
        """What has a place on the page: visible, or answered by something visible."""
        visible = self.model._default_manager.filter(state=VISIBLE)
        return self.filter(
            Q(state=VISIBLE)
            | Exists(visible.filter(thread=OuterRef("pk")))
            | Exists(visible.filter(parent=OuterRef("pk")))
        )

    def oldest_first(self) -> Self:
        return self.order_by("created_at", "pk")

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")

    def before(self, comment: Comment) -> Self:
        return self.filter(
            Q(created_at__lt=comment.created_at)
            | Q(created_at=comment.created_at, pk__lt=comment.pk)
        )

    def for_page(self) -> Self:
        """With who wrote it and whom it answers; without the sources. One query."""
        return self.select_related("author", "parent__author").defer(
            "body", "parent__body", "parent__body_html"
        )

    def first_replies(self, threads: Iterable[Comment], per_thread: int) -> Self:
        """The oldest shown replies of each thread, `per_thread` of each at most."""
        return (
            self.filter(thread__in=[thread.pk for thread in threads])
            .shown()
            .annotate(
                place=Window(
                    RowNumber(),
                    partition_by=F("thread"),
                    order_by=[F("created_at"), F("pk")],
                )
            )
            .filter(place__lte=per_thread)
            .order_by("thread", "place")
        )
