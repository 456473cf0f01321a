from __future__ import annotations

from functools import partial
from typing import Any

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

from accounts.decorators import confirmed_if_signed_in, sign_in_first
from accounts.limits import for_participants
from accounts.participants import participant_of
from accounts.permissions import is_member
from accounts.visitors import make_visitor, visitor_of
from blog.models import Post
from comments import guests, moderation, opinions, places, services
from comments.acts import (
    comment_for,
    comment_gone,
    comments_closed,
    create_url,
    done,
    done_on_page,
    find_comment,
    find_post,
    is_deleted,
    is_there,
    member_of,
    parent_gone,
    post_gone,
    require_form_methods,
    says_when_gone,
    show_form,
)
from comments.forms import (
    CommentBodyForm,
    CommentEditForm,
    CommentForm,
    GuestCommentForm,
)
from comments.history import can_change, leaves_trace
from comments.models import Comment
from comments.moderation_views import choices_for
from comments.permissions import (
    accepts_comments,
    accepts_guests,
    can_delete,
    can_edit,
    can_moderate,
    is_own,
)
from core import markup
from core.decorators import rate_limits
from core.http import json_errors, refuse, wants_json
from core.models import SiteSettings

EDIT_TEMPLATE = "comments/comment_edit.html"
NEWER_WORDS = (
    "Nothing was saved: this comment was changed elsewhere in the meantime, perhaps in "
    "another tab. What it says now stands below. Save again to put your words in its "
    "place."
)
STILL_WAITS = (
    "The time for second thoughts is over, and readers do not see it. Change it "
    "once it is seen, or delete it and write it again."
)


def is_preview(request: HttpRequest) -> bool:
    return "preview" in request.POST


def is_written(request: HttpRequest) -> bool:
    return not is_preview(request)


previews = partial(for_participants, "preview", limit=30, network_limit=60, seconds=60)
previews_in_form = previews(counts=is_preview)
comments_a_minute = for_participants(
    "comment-m", limit=12, network_limit=30, seconds=60, counts=is_written
)
comments_an_hour = for_participants(
    "comment-h", limit=100, network_limit=200, seconds=3600, counts=is_written
)
limit_previews = rate_limits(*previews())
limit_edits = rate_limits(*previews_in_form, *comments_a_minute)
limit_comments = rate_limits(*previews_in_form, *comments_a_minute, *comments_an_hour)


@never_cache
@require_form_methods
@confirmed_if_signed_in
@limit_comments
def comment_create(request: HttpRequest, slug: str) -> HttpResponse:
    post = find_post(slug)
    if post is None:
        return post_gone(request)
    site = SiteSettings.load()
    if not accepts_comments(post, site):
        return comments_closed(request, post)
    if must_sign_in(request, post, site):
        return sign_in_first(request)
    if request.method == "POST":
        return accept_comment(request, post)
    parent = find_parent(post, request.GET.get("parent", ""))
    if request.GET.get("parent") and parent is None:
        raise Http404
    if post.slug != slug:
        return redirect(create_url(post, parent))
    if parent and parent.is_in_locked_thread:
        return parent_gone(request, post, services.ThreadLocked())
    form = comment_form(request, post, parent)
    return show_comment_form(request, post, parent, form)


def must_sign_in(request: HttpRequest, post: Post, site: SiteSettings) -> bool:
    if request.user.is_authenticated:
        return False
    # Without the field it is the form of a member whose session has ended.
    is_members_form = request.method == "POST" and "email" not in request.POST
    return is_members_form or not accepts_guests(post, site)


def comment_form(
    request: HttpRequest,
    post: Post,
    parent: Comment | None,
    data: QueryDict | None = None,
) -> CommentForm:
    # Several of these may stand in one page: their ids differ.
    public_id = parent.public_id if parent else ""
    auto_id = f"reply-{public_id}-%s" if parent else "comment-%s"
    initial = {"parent": public_id}
    sides = opinions.sides_of(post)
    if sides and data is None:
        initial["side"] = opinions.side_of(post, participant_of(request))
    if request.user.is_authenticated:
        return CommentForm(data, initial=initial, auto_id=auto_id, sides=sides)
    initial |= guests.last_words(visitor_of(request))
    return GuestCommentForm(data, initial=initial, auto_id=auto_id, sides=sides)


def accept_comment(request: HttpRequest, post: Post) -> HttpResponse:
    wished_parent = request.POST.get("parent", "")
    parent = find_parent(post, wished_parent)
    if wished_parent and parent is None:
        return parent_gone(request, post)
    form = comment_form(request, post, parent, request.POST)
    if not form.is_valid() or "preview" in request.POST:
        return show_comment_form(request, post, parent, form)
    try:
        comment = store_comment(request, post, parent, form)
    except services.PostGone:
        return post_gone(request)
    except services.CommentsClosed:
        return comments_closed(request, post)
    except services.MembersOnly:
        return sign_in_first(request)
    except services.ParentGone as refusal:
        return parent_gone(request, post, refusal)
    except (markup.MarkupRefused, services.SideGone) as error:
        place = "side" if isinstance(error, services.SideGone) else "body"
        form.add_error(place, str(error))
        return show_comment_form(request, post, parent, form)
    return stored(request, comment)


def store_comment(
    request: HttpRequest, post: Post, parent: Comment | None, form: CommentForm
) -> Comment:
    words = form.cleaned_data
    said = {"post": post, "parent": parent, "body": words["body"], "key": words["key"]}
    said["side"] = words.get("side")
    if request.user.is_authenticated:
        return services.submit_comment(author=member_of(request), **said)
    return guests.submit_comment(
        visitor=make_visitor(request), name=words["name"], email=words["email"], **said
    )


def stored(request: HttpRequest, comment: Comment) -> HttpResponse:
    """Lead to what was written: on the page, or where its writer sees why it waits."""
    if comment.is_visible:
        url = places.address_of(comment)
        return done_on_page(request, url, id=comment.public_id, state=comment.state)
    if not is_own(participant_of(request), comment):
        return done(request, comment.get_absolute_url(), id=comment.public_id)
    if comment.state != Comment.State.PENDING:
        return done_on_page(request, f"{comment.post.get_absolute_url()}#comments")
    return kept_waiting(request, comment)


def kept_waiting(request: HttpRequest, comment: Comment) -> HttpResponse:
    """Lead its writer to where it says why it waits."""
    url = reverse("comments:comment_waiting", args=[comment.public_id])
    return done(request, url, id=comment.public_id, state=comment.state)


def show_comment_form(
    request: HttpRequest, post: Post, parent: Comment | None, form: CommentForm
) -> HttpResponse:
    if not request.user.is_authenticated:
        # Else ten copies sent at once would come from ten browsers.
        make_visitor(request)
    context = {"post": post, "parent": parent, "action": create_url(post, parent)}
    return show_form(request, "comments/comment_create.html", form, context)


def find_parent(post: Post, public_id: str) -> Comment | None:
    if not public_id or "\0" in public_id:
        return None
    visible = Comment.objects.on_post(post).visible().select_related("author", "thread")
    return visible.filter(public_id=public_id).first()


@never_cache
@require_POST
@confirmed_if_signed_in
@limit_previews
def comment_preview(request: HttpRequest) -> HttpResponse:
    if not participant_of(request).is_somebody:
        return sign_in_first(request)
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
    site = SiteSettings.load()
    context = {
        "comment": comment,
        "post": comment.post,
        "is_member": is_member(request.user),
        "is_own": is_own(asking, comment),
        "can_edit": can_edit(asking, comment, site),
        "can_delete": can_delete(asking, comment),
        "can_moderate": can_moderate(request.user),
        "can_answer": comment.is_visible
        and not comment.is_in_locked_thread
        and accepts_comments(comment.post, site)
        and not must_sign_in(request, comment.post, site),
    }
    context |= choices_for(request.user, comment)
    return render(request, "comments/comment_options.html", context)


@never_cache
@require_form_methods
@confirmed_if_signed_in
@limit_edits
@says_when_gone
def comment_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    comment = comment_for(request, public_id)
    is_theirs = comment is not None and is_own(participant_of(request), comment)
    if comment is None or not is_there(comment, is_theirs=is_theirs):
        return comment_gone(request)
    if not is_theirs:
        return not_theirs(request, "Only its author can edit a comment.")
    site = SiteSettings.load()
    if not can_change(comment, site):
        return still_waits(request, comment)
    form = edit_form(comment, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
        return save_edit(request, comment, form, site)
    return show_form(request, EDIT_TEMPLATE, form, edit_context(comment, site))


def save_edit(
    request: HttpRequest, comment: Comment, form: CommentEditForm, site: SiteSettings
) -> HttpResponse:
    try:
        comment.state = services.edit_comment(comment, **form.cleaned_data).state
    except services.StillWaits:
        return still_waits(request, comment)
    except services.NewerWords as newer:
        return newer_words(request, comment, newer.words, site)
    except markup.MarkupRefused as error:
        form.add_error("body", str(error))
        return show_form(request, EDIT_TEMPLATE, form, edit_context(comment, site))
    if not comment.is_visible:
        return kept_waiting(request, comment)
    return done_on_page(request, places.address_of(comment), id=comment.public_id)


def still_waits(request: HttpRequest, comment: Comment) -> HttpResponse:
    waiting_url = reverse("comments:comment_waiting", args=[comment.public_id])
    return refuse(
        request,
        status=403,
        title="This comment waits as it is",
        sentence=STILL_WAITS,
        link=("What it waits for", waiting_url),
        back_url=waiting_url,
    )


def edit_form(comment: Comment, data: QueryDict | None = None) -> CommentEditForm:
    base = services.fingerprint(comment.body)
    return CommentEditForm(
        data,
        initial={"body": comment.body, "base": base},
        auto_id=f"edit-{comment.public_id}-%s",
    )


def edit_context(comment: Comment, site: SiteSettings) -> dict[str, Any]:
    back = "comment_detail" if comment.is_visible else "comment_waiting"
    return {
        "comment": comment,
        "post": comment.post,
        "action": reverse("comments:comment_edit", args=[comment.public_id]),
        "cancel_url": reverse(f"comments:{back}", args=[comment.public_id]),
        "leaves_trace": leaves_trace(comment, site),
    }


def newer_words(
    request: HttpRequest, comment: Comment, words: str, site: SiteSettings
) -> HttpResponse:
    """Show both texts; sent once more, the one that was typed is saved over the other.

    A script is told the fields by which the form then says that it knows.
    """
    base = services.fingerprint(words)
    if wants_json(request):
        errors = {"__all__": [NEWER_WORDS, words]}
        return JsonResponse({"errors": errors, "fields": {"base": base}}, status=409)
    form = edit_form(comment)
    form.initial = {"body": request.POST["body"], "base": base}
    context = edit_context(comment, site) | {"form": form, "newer": words}
    context["sentence"] = NEWER_WORDS
    return render(request, EDIT_TEMPLATE, context, status=409)


def not_theirs(request: HttpRequest, sentence: str) -> HttpResponse:
    """Refuse for good, but show a stranger, who may be the author, the door first."""
    if not participant_of(request).is_somebody:
        return sign_in_first(request)
    raise PermissionDenied(sentence)


@never_cache
@require_form_methods
@confirmed_if_signed_in
@says_when_gone
def comment_delete(request: HttpRequest, public_id: str) -> HttpResponse:
    comment = find_comment(public_id)
    if comment is None or not comment.post.is_published:
        return comment_gone(request)
    asking = participant_of(request)
    is_theirs = is_own(asking, comment)
    if is_theirs and is_deleted(comment) and request.method == "POST":
        return done_on_page(request, f"{comment.post.get_absolute_url()}#comments")
    if not is_there(comment, is_theirs=is_theirs):
        return comment_gone(request)
    if not can_delete(asking, comment):
        return not_theirs(request, "Only its author can delete a comment.")
    if request.method == "POST":
        if is_theirs:
            moderation.delete_comment(comment)
        else:
            moderation.remove_comment(comment, by=member_of(request))
        return done_on_page(request, f"{comment.post.get_absolute_url()}#comments")
    if not is_theirs:
        # A moderator: there they say why.
        return redirect("comments:comment_remove", public_id)
    context = {"comment": comment, "post": comment.post}
    return render(request, "comments/comment_delete.html", context)
