from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from blog.models import Post


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible(self) -> Self:
        return self.filter(state="visible")

    def on_post(self, post: Post) -> Self:
        return self.filter(post=post)
