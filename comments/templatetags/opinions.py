from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.urls import reverse

from comments.opinions import sides_of
from comments.standing import stands

if TYPE_CHECKING:
    from blog.models import Post
    from comments.models import Side

register = template.Library()


@register.inclusion_tag("comments/_question.html")
def question(post: Post, sides: list[Side] | None = None) -> dict[str, Any]:
    """What the article asks, and how opinion stands where everybody may see that.

    Needs `post.stats`. One query; none where the article asks nothing, or where its
    `sides` are known, with their question. Nothing in it depends on who asks. A
    preview shows it without a way to take a side.
    """
    sides = sides_of(post) if sides is None else sides
    if not sides:
        return {"question": None}
    asked = sides[0].question
    return {
        "question": asked,
        "stands": stands(sides, post.stats.side_counts if asked.shows_results else {}),
        "side_url": reverse("comments:post_side", args=[post.slug])
        if post.is_published
        else "",
    }
