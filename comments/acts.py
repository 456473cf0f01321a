"""What the private pages of acts share: finding the target, forms, refusals."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import (
    require_http_methods,
)

from accounts.participants import participant_of
from blog.models import Post
from comments import services, worded
from comments.models import Comment
from comments.permissions import can_hide, can_moderate, is_own
from core import markup
from core.http import json_errors, refuse, wants_json
from core.pagecache.changes import after_now

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms

PARENT_GONE = "The comment that you answer was taken away in the meantime."
THREAD_LOCKED = "This thread is locked."

require_form_methods = require_http_methods(["GET", "HEAD", "POST"])


type View = Callable[..., HttpResponse]


def says_when_gone(view: View) -> View:
    """Answer in a sentence where the comment went away in the instant of the act."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except services.GONE:
            return comment_gone(request)

    return answered


def create_url(post: Post, parent: Comment | None = None) -> str:
    url = reverse("comments:comment_create", args=[post.slug])
    return f"{url}?parent={parent.public_id}" if parent else url


def find_post(slug: str) -> Post | None:
    """The published post that has, or had, this slug."""
    if "\0" in slug:
        return None
    return worded.post_by_slug.first(slug=slug.lower())


def find_comment(public_id: str) -> Comment | None:
    return worded.comment_by_id.first(public_id=public_id)


def is_deleted(comment: Comment) -> bool:
    return comment.post.is_published and comment.state == Comment.State.DELETED


def is_there(comment: Comment, *, is_theirs: bool) -> bool:
    """Whether it is to be changed or deleted: readers see it, or its writer waits."""
    waits = comment.state == Comment.State.PENDING
    return comment.is_visible or (is_theirs and waits)


def comment_for(request: HttpRequest, public_id: str) -> Comment | None:
    """What the asker may look at: what readers see, what they wrote or decide about."""
    comment = find_comment(public_id)
    if comment is None or not comment.post.is_published:
        return None
    if comment.is_visible or can_moderate(request.user):
        return comment
    if comment.state == Comment.State.DELETED:
        return None
    is_theirs = is_own(participant_of(request), comment)
    return comment if is_theirs or can_hide(request.user, comment.post) else None


def show_form(
    request: HttpRequest, template: str, form: forms.BaseForm, context: dict[str, Any]
) -> HttpResponse:
    """The form, or what is wrong with it; with a preview where one was asked for."""
    preview = ""
    if form.is_bound and not form.errors and "preview" in request.POST:
        try:
            preview = services.preview(form.cleaned_data["body"])
        except markup.MarkupRefused as error:
            form.add_error("body", str(error))
    if form.errors and wants_json(request):
        renewed = getattr(form, "renewed", None)
        return json_errors(form.errors, **({"fields": renewed} if renewed else {}))
    status = 422 if form.errors else 200
    context = context | {"form": form, "preview": preview}
    return render(request, template, context, status=status)


def done(request: HttpRequest, url: str, **extra: Any) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"url": url, **extra})
    return HttpResponseRedirect(url, status=303)


def done_on_page(request: HttpRequest, url: str, **extra: Any) -> HttpResponse:
    """Lead to the public page that shows what was done, and shows it at once."""
    return done(request, after_now(url), **extra)


def member_of(request: HttpRequest) -> Any:
    return request.user


def post_gone(request: HttpRequest) -> HttpResponse:
    return refuse(
        request,
        status=404,
        title="This article is not here",
        sentence="There is no such article, or it was taken back in the meantime.",
    )


def comments_closed(request: HttpRequest, post: Post) -> HttpResponse:
    return refuse(
        request,
        status=403,
        title="Comments are closed",
        sentence="This article takes no more comments.",
        link=("Back to the article", post.get_absolute_url()),
    )


def parent_gone(
    request: HttpRequest, post: Post, refusal: services.ParentGone | None = None
) -> HttpResponse:
    is_locked = isinstance(refusal, services.ThreadLocked)
    return refuse(
        request,
        status=409,
        title="This thread is locked" if is_locked else "What you answer is gone",
        sentence=(THREAD_LOCKED if is_locked else PARENT_GONE)
        + " You can still say it to everybody.",
        link=("Comment on the article", create_url(post)),
        back_url=create_url(post),
    )


def comment_gone(request: HttpRequest) -> HttpResponse:
    return refuse(
        request,
        status=404,
        title="This comment is not here",
        sentence="There is no such comment, or it was taken away in the meantime.",
    )
