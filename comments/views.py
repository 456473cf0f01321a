from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    QueryDict,
)
from django.shortcuts import redirect, render
from django.template.loader import render_to_string

from blog.views import moved_or_gone
from comments import opinions, places
from comments.acts import (
    find_comment,
    find_post,
    is_deleted,
)
from comments.models import Comment, Side
from comments.permissions import accepts_comments
from comments.places import list_address
from comments.querysets import ORDERS
from comments.threads import ThreadPage, load_page, load_side, load_thread
from core.models import SiteSettings
from core.pagecache import public_page
from core.pagination import NoSuchPage

if TYPE_CHECKING:
    from blog.models import Post


@dataclass(frozen=True)
class Choice:
    """One of several ways to see the conversation."""

    label: str
    url: str
    is_current: bool
    color: str = ""


@public_page(sort="oldest", page="1", side="", thread="", at="")
def comment_list(request: HttpRequest, slug: str) -> HttpResponse:
    if "\0" in slug:
        raise Http404
    post = find_post(slug)
    if post is None:
        return moved_or_gone(slug)
    if post.slug != slug:
        return redirect("comments:comment_list", post.slug, permanent=True)
    sides = opinions.sides_of(post)
    asked = {name: request.GET.get(name, "") for name in ("sort", "side")}
    try:
        page = find_page(post, sides, request.GET)
    except (NoSuchPage, Comment.DoesNotExist) as error:
        raise Http404 from error
    site = SiteSettings.load()
    context = {
        "site": site,
        "post": post,
        "page": page,
        "orders": orders(post, **asked),
        "question_sides": sides,
        "sides": side_choices(post, sides, **asked),
        "accepts_comments": accepts_comments(post, site),
    }
    return render(request, "comments/comment_list.html", context)


def find_page(post: Post, sides: list[Side], asked: QueryDict) -> ThreadPage:
    """What is asked for. Raises `NoSuchPage`, `Comment.DoesNotExist`."""
    if thread := asked.get("thread"):
        if asked.keys() - {"thread", "at"}:
            raise NoSuchPage("A thread has its own order and pages.")
        return load_thread(post, thread, asked.get("at", ""))
    sort, number = asked.get("sort", "oldest"), asked.get("page", "")
    if sort not in ORDERS or "at" in asked:
        raise NoSuchPage(sort)
    if "side" not in asked:
        return load_page(post, sort, number)
    for side in sides:
        if side.slug == asked["side"]:
            return load_side(post, side, sort, number)
    raise NoSuchPage(asked["side"])


def orders(post: Post, sort: str, side: str) -> list[Choice]:
    return [
        Choice(
            label=order.capitalize(),
            url=list_address(post, sort=order, side=side),
            is_current=order == (sort or "oldest"),
        )
        for order in ORDERS
    ]


def side_choices(post: Post, sides: list[Side], sort: str, side: str) -> list[Choice]:
    """All of them together, and each alone; none where there is no question."""
    if not sides:
        return []
    everybody = Choice("Every side", list_address(post, sort=sort), is_current=not side)
    return [
        everybody,
        *(
            Choice(
                label=one.label,
                url=list_address(post, sort=sort, side=one.slug),
                is_current=one.slug == side,
                color=one.color,
            )
            for one in sides
        ),
    ]


@public_page()
def comment_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    comment = find_comment(public_id)
    if comment and comment.is_visible and comment.post.is_published:
        return HttpResponseRedirect(places.address_of(comment))
    if comment and is_deleted(comment):
        context = {"post": comment.post}
        page = render_to_string("comments/comment_gone.html", context)
        return HttpResponse(page, status=410)
    if comment and comment.post.deleted_at:
        return HttpResponse(render_to_string("410.html"), status=410)
    raise Http404
