"""What pages and acts ask of a conversation: the same words for every post."""

from __future__ import annotations

from blog.models import Post
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
