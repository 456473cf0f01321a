from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from comments.acts import find_comment
from comments.history import load_history
from core.pagecache import public_page
from core.pagination import NoSuchPage


@public_page(page="1")
def comment_history(request: HttpRequest, public_id: str) -> HttpResponse:
    comment = find_comment(public_id)
    if not (comment and comment.is_visible and comment.post.is_published):
        raise Http404
    try:
        history = load_history(comment, request.GET.get("page", ""))
    except NoSuchPage as error:
        raise Http404 from error
    if not history.changes:
        raise Http404
    context = {"comment": comment, "post": comment.post, "history": history}
    return render(request, "comments/comment_history.html", context)
