from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.urls import reverse

from reactions.models import ReactionKind

if TYPE_CHECKING:
    from django.template.context import Context

    from blog.models import Post
    from comments.models import Comment

register = template.Library()


@register.inclusion_tag("reactions/_reactions.html", takes_context=True)
def post_reactions(context: Context, post: Post) -> dict[str, Any]:
    """The row under an article; needs `post.stats`. One query a page for the kinds."""
    return {
        "id": "reactions",
        "label": "Reactions to this article",
        "url": reverse("reactions:post_reactions", args=[post.slug]),
        "report_url": reverse("comments:post_report", args=[post.slug]),
        "kinds": counted(context, post.stats.reaction_counts),
    }


@register.inclusion_tag("reactions/_reactions.html", takes_context=True)
def comment_reactions(context: Context, comment: Comment) -> dict[str, Any]:
    """The row of one comment. One query a page for the kinds."""
    return {
        "label": f"Reactions to the comment by {comment.author_name}",
        # Resolving a name for each of many comments is what costs most here.
        "url": f"{comment.get_absolute_url()}reactions/",
        "kinds": counted(context, comment.reaction_counts),
    }


def counted(context: Context, counts: dict[str, int]) -> list[tuple[ReactionKind, int]]:
    return [(kind, counts.get(kind.slug, 0)) for kind in kinds_of_page(context)]


def kinds_of_page(context: Context) -> list[ReactionKind]:
    # Inclusion tags begin with a fresh context; only the request runs through.
    request = getattr(context, "request", None) or context.get("request")
    known: list[ReactionKind] | None = getattr(request, "reaction_kinds", None)
    if known is None:
        known = list(ReactionKind.objects.all())
        if request is not None:
            request.reaction_kinds = known
    return known
