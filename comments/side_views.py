from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from accounts.decorators import address_unconfirmed
from accounts.participants import participant_for, participant_of
from comments import opinions
from comments.acts import (
    done_on_page,
    find_post,
    post_gone,
    require_form_methods,
)
from comments.forms import SideForm
from comments.standing import stands
from core.decorators import Limit, rate_limits
from core.http import json_errors, refuse, wants_json
from core.proxies import client_network

if TYPE_CHECKING:
    from blog.models import Post
    from comments.models import Question, Side


def by_voter(request: HttpRequest) -> str:
    asking = participant_of(request)
    return f"user-{asking.user.pk}" if asking.user else str(asking.visitor or "")


def by_network_of_visitors(request: HttpRequest) -> str:
    return "" if request.user.is_authenticated else client_network(request)


def by_network_of_newcomers(request: HttpRequest) -> str:
    """Who throws the cookie away to vote again is new each time."""
    is_known = request.user.is_authenticated or participant_of(request).is_somebody
    return "" if is_known else client_network(request)


limit_votes = rate_limits(
    Limit("side", 30, 60, by_voter),
    Limit("side-net", 120, 60, by_network_of_visitors),
    Limit("side-new", 60, 3600, by_network_of_newcomers),
)


@never_cache
@require_form_methods
@limit_votes
def post_side(request: HttpRequest, slug: str) -> HttpResponse:
    post = find_post(slug)
    if post is None:
        return post_gone(request)
    sides = opinions.sides_of(post)
    if not sides:
        return question_gone(request, post)
    if request.method == "POST":
        return accept_side(request, post, sides)
    if post.slug != slug:
        return redirect("comments:post_side", post.slug)
    return side_page(request, post, sides)


def accept_side(request: HttpRequest, post: Post, sides: list[Side]) -> HttpResponse:
    if sides[0].question.is_closed:
        return question_closed(request, post, sides[0].question)
    form = SideForm(request.POST, sides=sides)
    if not form.is_valid():
        if wants_json(request):
            return json_errors(form.errors)
        return side_page(request, post, sides, form)
    asking = participant_for(request)
    if not asking.is_somebody:
        return address_unconfirmed(request)
    slug, network = form.cleaned_data["side"], client_network(request)
    try:
        counts = opinions.set_side(post, asking, slug, network=network)
    except (opinions.NoQuestion, opinions.NoSuchSide):
        return question_gone(request, post)
    except opinions.QuestionClosed as refusal:
        return question_closed(request, post, refusal.question)
    seen = {"counts": counts} if slug or sides[0].question.shows_results else {}
    url = f"{post.get_absolute_url()}#question"
    return done_on_page(request, url, side=slug or None, **seen)


def side_page(
    request: HttpRequest, post: Post, sides: list[Side], sent: SideForm | None = None
) -> HttpResponse:
    question = sides[0].question
    taken = opinions.side_of(post, participant_of(request))
    form = sent or SideForm(sides=sides, initial={"side": taken})
    if taken:
        form.offer_none()
    may_see = question.shows_results or taken
    context = {
        "post": post,
        "question": question,
        "form": form,
        "taken": next((side.label for side in sides if side.slug == taken), ""),
        "stands": stands(sides, post.stats.side_counts) if may_see else [],
        "action": request.path,
    }
    status = 422 if form.errors else 200
    return render(request, "comments/side.html", context, status=status)


def question_gone(request: HttpRequest, post: Post) -> HttpResponse:
    return refuse(
        request,
        status=404,
        title="Nothing is asked here",
        sentence="This article has no such question, or it was changed meanwhile.",
        link=("Back to the article", post.get_absolute_url()),
    )


def question_closed(
    request: HttpRequest, post: Post, question: Question
) -> HttpResponse:
    since = question.closed_at
    on = f" on {since.day} {since:%B %Y}" if since else ""
    return refuse(
        request,
        status=409,
        title="The question is closed",
        sentence=f"The question was closed{on}: nobody takes a side any more.",
        link=("Back to the article", f"{post.get_absolute_url()}#question"),
    )
