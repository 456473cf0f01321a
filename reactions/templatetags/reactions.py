from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.urls import reverse
from django.utils.html import format_html

from core.markup import fill
from core.statements import Statement
from reactions.models import ReactionKind

if TYPE_CHECKING:
    from django.template.context import Context
    from django.utils.safestring import SafeString

    from blog.models import Post
    from comments.models import Comment

register = template.Library()

kinds_in_order = Statement(ReactionKind.objects.all)

# An article with twenty comments has a hundred of these: as lines of a template they
# took a quarter of the time in which it is made.
LINK = (
    '<a class="reaction" href="{url}" rel="nofollow" data-act="react"'
    ' data-kind="{slug}"><span class="reaction__emoji" aria-hidden="true">{emoji}'
    '</span><span class="visually-hidden">{label}: </span>'
    '<data class="reaction-count" data-kind="{slug}" value="{count}">{count}</data></a>'
)

ROW = (
    '<div class="reactions" role="group" aria-label="Reactions to the comment by {}"'
    " data-reactions>\n{}\n</div>"
)


@register.inclusion_tag("reactions/_reactions.html", takes_context=True)
def post_reactions(context: Context, post: Post) -> dict[str, Any]:
    """The row under an article; needs `post.stats`. One query a page for the kinds."""
    url = reverse("reactions:post_reactions", args=[post.slug])
    return {
        "id": "reactions",
        "label": "Reactions to this article",
        "report_url": reverse("comments:post_report", args=[post.slug]),
        "links": links(context, url, post.stats.reaction_counts),
    }


@register.simple_tag(takes_context=True)
def comment_reactions(
    context: Context, comment: Comment, url: str, name: str
) -> SafeString:
    """The row of the comment at `url` by `name`. One query a page for the kinds."""
    # Resolving a name for each of many comments takes long.
    row = links(context, f"{url}reactions/", comment.reaction_counts)
    return fill(ROW, name, row)


def links(context: Context, url: str, counts: dict[str, int]) -> SafeString:
    row, slugs = row_of_page(context)
    return fill(row, url, *(counts.get(slug, 0) for slug in slugs))


def row_of_page(context: Context) -> tuple[str, list[str]]:
    """The links as a format for an address and a count for each kind; their slugs."""
    # Inclusion tags begin with a fresh context; only the request runs through.
    request = getattr(context, "request", None) or context.get("request")
    known: tuple[str, list[str]] | None = getattr(request, "reaction_row", None)
    if known is None:
        kinds = kinds_in_order.all()
        row = "\n".join(
            format_html(
                LINK,
                url="{0}",
                slug=kind.slug,
                emoji=literal(kind.emoji),
                label=literal(kind.label),
                count=f"{{{place}}}",
            )
            for place, kind in enumerate(kinds, start=1)
        )
        known = row, [kind.slug for kind in kinds]
        if request is not None:
            request.reaction_row = known
    return known


def literal(text: str) -> str:
    """The text in a format that is to say it as it is."""
    return text.replace("{", "{{").replace("}", "}}")
