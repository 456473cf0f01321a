"""What moderators and authors of the article do from a comment's options.

Each page asks first (GET) and then does it (POST): hidden things are 404, and who may
see a comment but not decide about it gets 403.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from accounts.decorators import account_required
from comments import moderation, places
from comments.acts import (
    comment_gone,
    done_on_page,
    find_comment,
    find_post,
    member_of,
    post_gone,
    require_form_methods,
    says_when_gone,
    show_form,
)
from comments.moderation_forms import ReasonForm
from comments.permissions import accepts_comments, can_hide, can_moderate
from comments.retention import WordsGone
from comments.services import PostGone
from core.http import refuse
from core.models import SiteSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from blog.models import Post
    from comments.acts import View
    from comments.models import Comment


@dataclass(frozen=True)
class Question:
    title: str
    sentence: str
    button: str
    is_grave: bool = False


REMOVE = Question(
    "Remove this comment?",
    "Readers no longer see it. Where somebody answered it, a note stays in its place.",
    "Remove",
    is_grave=True,
)
HIDE = Question(
    "Hide this comment?",
    "Readers no longer see it under your article. You can show it again.",
    "Hide",
)
RESTORE = Question("Show this comment again?", "Readers see it as before.", "Show it")
LOCK = Question(
    "Lock this thread?",
    "What was said in it stays; nobody can answer any more.",
    "Lock the thread",
)
UNLOCK = Question("Unlock this thread?", "It takes replies again.", "Unlock the thread")
CLOSE = Question(
    "Close the comments?",
    "What was said stays; nobody can say more under this article.",
    "Close the comments",
)
OPEN = Question(
    "Open the comments?", "The article takes comments again.", "Open the comments"
)

NOT_YOURS = "That is for moderators, and authors of the article."


def private_act(view: View) -> View:
    """A page of one's own, with a form, for who is signed in."""
    return never_cache(require_form_methods(account_required(view)))


def about_comment(may: Callable[[Any, Comment], bool]) -> Callable[[View], View]:
    """Fetch the comment for whoever may decide about it."""

    def decorate(view: View) -> View:
        @private_act
        @says_when_gone
        @wraps(view)
        def fetched(request: HttpRequest, public_id: str) -> HttpResponse:
            comment = find_comment(public_id)
            if comment is None or not comment.post.is_published:
                return comment_gone(request)
            if may(request.user, comment):
                return view(request, comment)
            if not comment.is_visible:
                return comment_gone(request)
            raise PermissionDenied(
                "That is for moderators, and authors of the article."
            )

        return fetched

    return decorate


def moderates(user: Any, comment: Comment) -> bool:
    return can_moderate(user)


def wrote_the_article(user: Any, comment: Comment) -> bool:
    return can_hide(user, comment.post)


def may_restore(user: Any, comment: Comment) -> bool:
    return can_moderate(user) or can_hide(user, comment.post)


@about_comment(moderates)
def comment_remove(request: HttpRequest, comment: Comment) -> HttpResponse:
    is_sent = request.method == "POST"
    form = ReasonForm(request.POST if is_sent else None, auto_id="remove-%s")
    if is_sent and form.is_valid():
        moderation.remove_comment(
            comment, by=member_of(request), reason=form.cleaned_data["reason"]
        )
        return done_on_page(request, conversation_of(comment.post))
    context = {"comment": comment, "post": comment.post, "question": REMOVE}
    return show_form(request, "comments/moderation_act.html", form, context)


@about_comment(wrote_the_article)
def comment_hide(request: HttpRequest, comment: Comment) -> HttpResponse:
    if request.method != "POST":
        return ask(request, HIDE, comment.post, comment)
    moderation.hide_comment(comment, by=member_of(request))
    return done_on_page(request, conversation_of(comment.post))


@about_comment(may_restore)
def comment_restore(request: HttpRequest, comment: Comment) -> HttpResponse:
    """Moderators show again what was removed, authors what they themselves hid."""
    user = member_of(request)
    if not (can_moderate(user) or comment.is_visible or moderation.is_hidden(comment)):
        raise PermissionDenied("A moderator removed it: only moderators restore it.")
    if request.method != "POST":
        return ask(request, RESTORE, comment.post, comment)
    try:
        if can_moderate(user):
            comment = moderation.restore_comment(comment, by=user)
        else:
            comment = moderation.unhide_comment(comment, by=user).comment
    except WordsGone:
        return words_gone(request, comment.post)
    return lead_to(request, comment)


def words_gone(request: HttpRequest, post: Post) -> HttpResponse:
    return refuse(
        request,
        status=409,
        title="The words are gone",
        sentence="It was taken away more than 30 days ago, so its words are gone.",
        link=("Back to the article", post.get_absolute_url()),
    )


@about_comment(moderates)
def comment_lock(request: HttpRequest, comment: Comment) -> HttpResponse:
    if request.method != "POST":
        return ask(request, LOCK, comment.post, comment)
    moderation.lock_thread(comment, by=member_of(request))
    return lead_to(request, comment)


@about_comment(moderates)
def comment_unlock(request: HttpRequest, comment: Comment) -> HttpResponse:
    if request.method != "POST":
        return ask(request, UNLOCK, comment.post, comment)
    moderation.unlock_thread(comment, by=member_of(request))
    return lead_to(request, comment)


@private_act
def comments_close(request: HttpRequest, slug: str) -> HttpResponse:
    return change_post(request, slug, CLOSE, moderation.close_comments)


@private_act
def comments_open(request: HttpRequest, slug: str) -> HttpResponse:
    return change_post(request, slug, OPEN, moderation.open_comments)


def change_post(
    request: HttpRequest, slug: str, question: Question, change: Callable[..., Post]
) -> HttpResponse:
    post = find_post(slug)
    if post is None:
        return post_gone(request)
    if not (can_moderate(request.user) or can_hide(request.user, post)):
        raise PermissionDenied(NOT_YOURS)
    if request.method != "POST":
        return ask(request, question, post)
    try:
        change(post, by=request.user)
    except PostGone:
        return post_gone(request)
    return done_on_page(request, conversation_of(post))


def ask(
    request: HttpRequest, question: Question, post: Post, comment: Comment | None = None
) -> HttpResponse:
    context = {"question": question, "post": post, "comment": comment}
    return render(request, "comments/moderation_act.html", context)


def conversation_of(post: Post) -> str:
    return f"{post.get_absolute_url()}#comments"


def lead_to(request: HttpRequest, comment: Comment) -> HttpResponse:
    """To the comment, or to the conversation where it has no place in it."""
    if not comment.is_visible:
        return done_on_page(request, conversation_of(comment.post))
    return done_on_page(request, places.address_of(comment), id=comment.public_id)


def choices_for(user: Any, comment: Comment) -> dict[str, Any]:
    """What the options of a comment offer those who decide, and tell its writer."""
    is_moderator, is_author = can_moderate(user), can_hide(user, comment.post)
    is_removed = comment.state == comment.State.REMOVED
    removal = moderation.last_decision(comment) if is_removed else None
    is_hidden = removal is not None and removal.action == moderation.Action.HIDE
    can_close = is_moderator or is_author
    return {
        "can_hide": is_author and not is_moderator and comment.is_visible,
        "can_restore": is_removed and (is_moderator or (is_author and is_hidden)),
        "can_lock": is_moderator,
        "can_close": can_close,
        "is_closed": can_close
        and not accepts_comments(comment.post, SiteSettings.load()),
        "is_hidden": is_hidden,
        "removal": removal,
    }
