from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from blog.models import Post
from comments.models import Comment
from comments.opinions import recount_sides
from comments.services import recount_comments
from reactions.models import Reaction
from reactions.services import recount_comment, recount_post


class Command(BaseCommand):
    help = "Count comments, reactions and votes again; safe at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        posts = Post.objects.only("pk").order_by("pk")
        for post in posts.iterator():
            recount_comments(post)
            recount_post(post)
            recount_sides(post)
        reacted = Reaction.objects.filter(comment__isnull=False).values("comment")
        counted = Comment.objects.exclude(reaction_counts={}, score=0)
        comments = (counted | Comment.objects.filter(pk__in=reacted)).only("pk")
        for comment in comments.order_by("pk").iterator():
            recount_comment(comment)
        self.stderr.write("Comments, reactions and votes are counted.")
