from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
)
from django.shortcuts import redirect, render
from django.template.loader import render_to_string

from blog.views import moved_or_gone
from comments import places
from comments.acts import (
    find_comment,
    find_post,
    is_deleted,
)
from comments.models import Comment
from comments.permissions import accepts_comments
from comments.threads import load_page, load_thread
from core.models import SiteSettings
from core.pagecache import public_page
from core.pagination import NoSuchPage

if TYPE_CHECKING:
    pass

SORTS = ("oldest", "newest")


@public_page(sort="oldest", page="1", thread="")
def comment_list(request: HttpRequest, slug: str) -> HttpResponse:
    if "\0" in slug:
        raise Http404
    post = find_post(slug)
    if post is None:
        return moved_or_gone(slug)
    if post.slug != slug:
        return redirect("comments:comment_list", post.slug, permanent=True)
    sort = request.GET.get("sort", "oldest")
    thread = request.GET.get("thread", "")
    if sort not in SORTS:
        raise Http404
    try:
        number = request.GET.get("page", "")
        page = (
            load_thread(post, thread, number)
            if thread
            else load_page(post, sort, number)
        )
    except (NoSuchPage, Comment.DoesNotExist) as error:
        raise Http404 from error
    context = {
        "post": post,
        "page": page,
        "sort": sort,
        "accepts_comments": accepts_comments(post, SiteSettings.load()),
    }
    return render(request, "comments/comment_list.html", context)


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
