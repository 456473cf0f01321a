from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from accounts.decorators import confirmed_if_signed_in
from accounts.limits import for_participants
from accounts.participants import participant_for, participant_of
from comments import places
from comments.acts import (
    comment_for,
    comment_gone,
    done_on_page,
    find_post,
    post_gone,
    require_form_methods,
)
from core.decorators import rate_limits
from core.http import json_errors, refuse, wants_json
from reactions import services
from reactions.forms import ReactionForm
from reactions.models import Reaction, ReactionKind

if TYPE_CHECKING:
    from accounts.participants import Participant
    from blog.models import Post
    from comments.models import Comment

limit_reactions = rate_limits(
    *for_participants("reaction", limit=60, network_limit=240, seconds=60),
    *for_participants("reaction-h", limit=600, network_limit=1200, seconds=3600),
)


@never_cache
@require_form_methods
@confirmed_if_signed_in
@limit_reactions
def post_reactions(request: HttpRequest, slug: str) -> HttpResponse:
    post = find_post(slug)
    if post is None:
        return post_gone(request)
    if request.method == "POST":
        url = f"{post.get_absolute_url()}#reactions"
        return accept_reaction(request, url, post=post)
    if post.slug != slug:
        return redirect("reactions:post_reactions", post.slug)
    return reaction_page(request, {"post": post}, post=post)


@never_cache
@require_form_methods
@confirmed_if_signed_in
@limit_reactions
def comment_reactions(request: HttpRequest, public_id: str) -> HttpResponse:
    comment = comment_for(request, public_id)
    if comment is None or not comment.is_visible:
        return comment_gone(request)
    if request.method == "POST":
        return accept_reaction(request, places.address_of(comment), comment=comment)
    context = {"post": comment.post, "comment": comment}
    return reaction_page(request, context, comment=comment)


def accept_reaction(
    request: HttpRequest, url: str, **target: Post | Comment
) -> HttpResponse:
    form = ReactionForm(request.POST)
    if not form.is_valid():
        if wants_json(request):
            return json_errors(form.errors)
        return refuse(
            request,
            status=422,
            title="No such reaction",
            sentence="This reaction does not exist, or does no longer.",
        )
    acting = participant_for(request)
    owned: dict[str, Any] = {**acting.fields, **target}
    try:
        counts = services.set_reaction(
            kind=form.cleaned_data["kind"],
            is_on=form.cleaned_data["state"] == "on",
            **owned,
        )
    except services.TargetGone:
        return comment_gone(request) if "comment" in target else post_gone(request)
    given = given_by(acting, **target)
    return done_on_page(request, url, counts=counts, reactions=given)


def given_by(asking: Participant, **target: Any) -> list[str]:
    if not asking.is_somebody:
        return []
    mine = Reaction.objects.filter(**asking.fields, **target)
    return list(mine.order_by("kind__position").values_list("kind__slug", flat=True))


def reaction_page(
    request: HttpRequest, context: dict[str, Any], **target: Any
) -> HttpResponse:
    given = given_by(participant_of(request), **target)
    kinds = [(kind, kind.slug in given) for kind in ReactionKind.objects.all()]
    context |= {"kinds": kinds, "action": request.path}
    return render(request, "reactions/reactions.html", context)
