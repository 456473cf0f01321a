from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    JsonResponse,
    QueryDict,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_POST,
    require_safe,
)

from accounts.decorators import member_required
from accounts.participants import participant_of
from accounts.permissions import is_member
from blog.models import Post
from comments import moderation, permissions, places, services
from comments.acts import (
    comment_for,
    comment_gone,
    comments_closed,
    create_url,
    done_on_page,
    find_comment,
    find_post,
    is_deleted,
    member_of,
    parent_gone,
    post_gone,
    require_form_methods,
    show_form,
)
from comments.forms import CommentBodyForm, CommentEditForm, CommentForm
from comments.history import leaves_trace
from comments.models import Comment
from comments.permissions import accepts_comments, can_delete, can_edit, can_moderate
from core import markup
from core.decorators import by_user, rate_limit
from core.http import json_errors, wants_json
from core.models import SiteSettings

if TYPE_CHECKING:
    pass

EDIT_TEMPLATE = "comments/comment_edit.html"
NEWER_WORDS = (
    "Nothing was saved: this comment was changed elsewhere in the meantime, perhaps in "
    "another tab. What it says now stands below. Save again to put your words in its "
    "place."
)


def by_writer(request: HttpRequest) -> str:
    return "" if "preview" in request.POST else by_user(request)


def by_previewer(request: HttpRequest) -> str:
    return by_user(request) if "preview" in request.POST else ""


limit_previews = rate_limit("preview", limit=30, seconds=60, by=by_user)
limit_form_previews = rate_limit("preview", limit=30, seconds=60, by=by_previewer)
limit_comments_a_minute = rate_limit("comment-m", limit=12, seconds=60, by=by_writer)
limit_comments_an_hour = rate_limit("comment-h", limit=100, seconds=3600, by=by_writer)


@never_cache
@require_form_methods
@member_required
@limit_form_previews
@limit_comments_a_minute
@limit_comments_an_hour
def comment_create(request: HttpRequest, slug: str) -> HttpResponse:
    post = find_post(slug)
    if post is None:
        return post_gone(request)
    if not accepts_comments(post, SiteSettings.load()):
        return comments_closed(request, post)
    if request.method == "POST":
        return accept_comment(request, post)
    parent = find_parent(post, request.GET.get("parent", ""))
    if request.GET.get("parent") and parent is None:
        raise Http404
    if post.slug != slug:
        return redirect(create_url(post, parent))
    form = comment_form(parent)
    return show_comment_form(request, post, parent, form)


def comment_form(parent: Comment | None, data: QueryDict | None = None) -> CommentForm:
    # Several of these may stand in one page: their ids differ.
    public_id = parent.public_id if parent else ""
    auto_id = f"reply-{public_id}-%s" if parent else "comment-%s"
    return CommentForm(data, initial={"parent": public_id}, auto_id=auto_id)


def accept_comment(request: HttpRequest, post: Post) -> HttpResponse:
    wished_parent = request.POST.get("parent", "")
    parent = find_parent(post, wished_parent)
    if wished_parent and parent is None:
        return parent_gone(request, post)
    form = comment_form(parent, request.POST)
    if not form.is_valid() or "preview" in request.POST:
        return show_comment_form(request, post, parent, form)
    try:
        comment = services.submit_comment(
            post=post,
            author=member_of(request),
            body=form.cleaned_data["body"],
            parent=parent,
            key=form.cleaned_data["key"],
        )
    except services.PostGone:
        return post_gone(request)
    except services.CommentsClosed:
        return comments_closed(request, post)
    except services.ParentGone:
        return parent_gone(request, post)
    except markup.MarkupRefused as error:
        form.add_error("body", str(error))
        return show_comment_form(request, post, parent, form)
    if not comment.is_visible:
        return done_on_page(request, f"{comment.post.get_absolute_url()}#comments")
    return done_on_page(request, places.address_of(comment), id=comment.public_id)


def show_comment_form(
    request: HttpRequest, post: Post, parent: Comment | None, form: CommentForm
) -> HttpResponse:
    context = {"post": post, "parent": parent, "action": create_url(post, parent)}
    return show_form(request, "comments/comment_create.html", form, context)


def find_parent(post: Post, public_id: str) -> Comment | None:
    if not public_id or "\0" in public_id:
        return None
    visible = Comment.objects.on_post(post).visible().select_related("author")
    return visible.filter(public_id=public_id).first()


@never_cache
@require_POST
@member_required
@limit_previews
def comment_preview(request: HttpRequest) -> HttpResponse:
    form = CommentBodyForm(request.POST)
    html = ""
    if form.is_valid():
        try:
            html = services.preview(form.cleaned_data["body"])
        except markup.MarkupRefused as error:
            form.add_error("body", str(error))
    if form.errors and wants_json(request):
        return json_errors(form.errors)
    context: dict[str, Any] = {"preview": html, "errors": form.errors.get("body", [])}
    status = 422 if form.errors else 200
    return render(request, "comments/comment_preview.html", context, status=status)


@never_cache
@require_safe
def comment_options(request: HttpRequest, public_id: str) -> HttpResponse:
    comment = comment_for(request, public_id)
    if comment is None:
        return comment_gone(request)
    asking = participant_of(request)
    context = {
        "comment": comment,
        "post": comment.post,
        "is_member": is_member(request.user),
        "can_edit": can_edit(asking, comment),
        "can_delete": can_delete(asking, comment),
        "can_moderate": can_moderate(request.user),
        "can_answer": comment.is_visible
        and accepts_comments(comment.post, SiteSettings.load()),
    }
    return render(request, "comments/comment_options.html", context)


@never_cache
@require_form_methods
@member_required
@limit_form_previews
@limit_comments_a_minute
def comment_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    comment = comment_for(request, public_id)
    if comment is None or not comment.is_visible:
        return comment_gone(request)
    asking = participant_of(request)
    if not can_edit(asking, comment):
        raise PermissionDenied("Only its author can edit a comment.")
    form = edit_form(comment, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
        try:
            services.edit_comment(comment, **form.cleaned_data)
        except services.CommentGone:
            return comment_gone(request)
        except services.NewerWords as newer:
            return newer_words(request, comment, newer.words)
        except markup.MarkupRefused as error:
            form.add_error("body", str(error))
        else:
            url = places.address_of(comment)
            return done_on_page(request, url, id=comment.public_id)
    return show_form(request, EDIT_TEMPLATE, form, edit_context(comment))


def edit_form(comment: Comment, data: QueryDict | None = None) -> CommentEditForm:
    base = services.fingerprint(comment.body)
    return CommentEditForm(
        data,
        initial={"body": comment.body, "base": base},
        auto_id=f"edit-{comment.public_id}-%s",
    )


def edit_context(comment: Comment) -> dict[str, Any]:
    return {
        "comment": comment,
        "post": comment.post,
        "action": reverse("comments:comment_edit", args=[comment.public_id]),
        "leaves_trace": leaves_trace(comment, SiteSettings.load()),
    }


def newer_words(request: HttpRequest, comment: Comment, words: str) -> HttpResponse:
    """Show both texts; sent once more, the one that was typed is saved over the other.

    A script is told the fields by which the form then says that it knows.
    """
    base = services.fingerprint(words)
    if wants_json(request):
        errors = {"__all__": [NEWER_WORDS, words]}
        return JsonResponse({"errors": errors, "fields": {"base": base}}, status=409)
    form = edit_form(comment)
    form.initial = {"body": request.POST["body"], "base": base}
    context = edit_context(comment) | {"form": form, "newer": words}
    context["sentence"] = NEWER_WORDS
    return render(request, EDIT_TEMPLATE, context, status=409)


@never_cache
@require_form_methods
@member_required
def comment_delete(request: HttpRequest, public_id: str) -> HttpResponse:
    comment = find_comment(public_id)
    if comment is None or not comment.post.is_published:
        return comment_gone(request)
    asking = participant_of(request)
    is_own = permissions.is_own(asking, comment)
    if is_own and is_deleted(comment) and request.method == "POST":
        return done_on_page(request, f"{comment.post.get_absolute_url()}#comments")
    if not comment.is_visible:
        return comment_gone(request)
    if not can_delete(asking, comment):
        raise PermissionDenied("Only its author can delete a comment.")
    if request.method == "POST":
        take_away = moderation.delete_comment if is_own else moderation.remove_comment
        take_away(comment)
        return done_on_page(request, f"{comment.post.get_absolute_url()}#comments")
    context = {"comment": comment, "post": comment.post, "is_own": is_own}
    return render(request, "comments/comment_delete.html", context)
