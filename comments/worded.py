"""What pages and acts ask of a conversation: the same words for every post."""

from __future__ import annotations

from django.db.models import Count

from blog.models import Post, PostStats
from comments.models import Comment, Side
from comments.places import REPLIES_ON_ARTICLE, REPLIES_ON_PAGE, THREADS_ON_ARTICLE
from core.statements import Given, Statement

TEXT_OF_POST = ("body", "body_html", "toc")

post_by_slug = Statement(
    lambda: (
        Post.objects.published()
        .filter(slugs__slug=Given("slug"))
        .select_related("stats")
        .defer(*TEXT_OF_POST)
    )
)
locked_post = Statement(
    lambda: (
        Post.objects.published()
        .filter(pk=Given("pk"))
        .defer(*TEXT_OF_POST)
        .select_for_update(no_key=True)
    )
)
locked_stats = Statement(
    lambda: PostStats.objects.filter(post=Given("post")).select_for_update(no_key=True)
)
comment_by_key = Statement(
    lambda: Comment.objects.filter(author=Given("author"), key=Given("key"))
)
guest_comment_by_key = Statement(
    lambda: Comment.objects.filter(author=None, key=Given("key"))
)
visible_count = Statement(
    lambda: (
        Comment.objects.filter(post=Given("post"))
        .visible()
        .values("post")
        .annotate(count=Count("pk"))
        .values_list("count", flat=True)
    )
)
comment_by_id = Statement(
    lambda: (
        Comment.objects.filter(public_id=Given("public_id"))
        .select_related("post", "author", "guest", "parent", "thread")
        .defer(*(f"post__{name}" for name in TEXT_OF_POST))
    )
)
first_starts = Statement(
    lambda: (
        Comment.objects.filter(post=Given("post"))
        .starting_threads()
        .shown_starts()
        .for_page()
        .with_first_replies(REPLIES_ON_ARTICLE + 1)
        .oldest_first()[: THREADS_ON_ARTICLE + 1]
    )
)
starts = Statement(
    lambda: (
        Comment.objects.filter(pk__any_of=Given("pks"))
        .for_page()
        .with_first_replies(REPLIES_ON_PAGE + 1)
    )
)
replies = Statement(lambda: Comment.objects.filter(pk__any_of=Given("pks")).for_page())
sides_of_post = Statement(
    lambda: Side.objects.filter(question__post=Given("post")).select_related("question")
)
