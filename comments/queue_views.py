"""The queue in the admin: what waits, what was reported, what was taken away."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from comments import moderation, queue, services
from comments.models import PUBLIC_ID_PATTERN, ModerationEntry, Report
from comments.moderation_forms import REASON_MAX_LENGTH, DecisionForm
from comments.permissions import can_hide, can_moderate, can_use_queue
from comments.retention import WordsGone
from core.pagination import NoSuchPage

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from accounts.models import User
    from comments.models import Comment

Action = ModerationEntry.Action

TOO_LATE = (
    "Nothing was changed: somebody had decided before, or its writer took it back."
)
CHANGED = (
    "Its writer changed the words after you had looked. Nothing was decided: please "
    "look again."
)
WORDS_GONE = "The words are gone: it was taken away more than 30 days ago."
NOT_THERE = (
    "Of what you chose some is not there any more, or its article was deleted: nothing "
    "was decided about it."
)
REFUSALS: dict[type[Exception], str] = {
    WordsGone: WORDS_GONE,
    moderation.WordsChanged: CHANGED,
    services.CommentGone: NOT_THERE,
    services.PostGone: NOT_THERE,
}
AT_ONCE = 100


def comment_queue(request: HttpRequest) -> HttpResponse:
    """Show a tab of it, or do what was decided about some of it."""
    user: User = request.user  # type: ignore[assignment]
    if not can_use_queue(user):
        raise PermissionDenied("The queue is for moderators and authors.")
    if request.method != "POST":
        return show(request, user)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return show(request, user, form)
    if form.cleaned_data["decision"] == Action.UNDO:
        return take_back(request, user)
    return decide(request, user, form)


def show(
    request: HttpRequest, user: User, form: DecisionForm | None = None
) -> TemplateResponse:
    tab, number = place_of(request, user)
    try:
        page, items = queue.page_of(user, tab, number)
    except NoSuchPage:
        page, items = queue.page_of(user, tab, "")
    is_moderator = can_moderate(user)
    context = admin.site.each_context(request) | {
        "title": "Queue",
        "tab": tab,
        "tabs": queue.tabs_for(user),
        "page": page,
        "items": items,
        "is_moderator": is_moderator,
        "done": own_entries(user, request.GET.get("done", "")),
        "form": form,
        "reason_max_length": REASON_MAX_LENGTH,
        "post_report_count": count_post_reports() if is_moderator else 0,
    }
    status = 422 if form else 200
    return TemplateResponse(
        request, "admin/comments/queue.html", context, status=status
    )


def place_of(request: HttpRequest, user: User) -> tuple[str, str]:
    """Tab and page, from the address or the form."""
    given = request.POST if request.method == "POST" else request.GET
    tab = given.get("tab") or "waiting"
    if tab not in queue.tabs_for(user):
        raise Http404
    return tab, given.get("page", "")


def count_post_reports() -> int:
    return Report.objects.filter(post__isnull=False, resolved_at=None).count()


def own_entries(user: User, keys: str) -> list[ModerationEntry]:
    """What the asker has just decided, to be undone with one click."""
    pks = [int(key) for key in re.findall(r"[0-9]{1,18}", keys)[:AT_ONCE]]
    if not pks:
        return []
    return list(ModerationEntry.objects.filter(pk__in=pks, by=user))


def decide(request: HttpRequest, user: User, form: DecisionForm) -> HttpResponse:
    way = way_of(request, user, form.cleaned_data)
    comments, some_are_gone = chosen(request, user)
    refusals = [NOT_THERE] if some_are_gone else []
    done = []
    for comment in comments:
        try:
            decision = way(comment)
        except tuple(REFUSALS) as refusal:
            refusals.append(REFUSALS[type(refusal)])
        else:
            done += [str(decision.entry.pk)] if decision.entry else []
    say_refused(request, refusals, is_done=bool(done))
    return back(request, user, done=".".join(done))


def say_refused(request: HttpRequest, refusals: list[str], *, is_done: bool) -> None:
    """Each reason once; without one it came too late, unless something was done."""
    for sentence in dict.fromkeys(refusals):
        messages.error(request, sentence)
    if not (is_done or refusals):
        messages.warning(request, TOO_LATE)


def way_of(
    request: HttpRequest, user: User, decided: dict[str, Any]
) -> Callable[[Comment], moderation.Decision]:
    """How the asker does it. 403 where they may not."""
    action, reason = Action(decided["decision"]), decided["reason"]
    if can_moderate(user) and action != Action.HIDE:
        return lambda comment: moderation.decide(
            comment,
            action,
            by=user,
            reason=reason,
            seen=request.POST.get(f"seen-{comment.public_id}", ""),
        )
    if action == Action.RESTORE:
        return partial(moderation.unhide_comment, by=user)
    if action == Action.HIDE:
        return partial(hide, user=user, reason=reason)
    raise PermissionDenied("Only moderators decide that.")


def hide(comment: Comment, user: User, reason: str) -> moderation.Decision:
    if not can_hide(user, comment.post):
        raise PermissionDenied("Only authors of the article hide.")
    return moderation.decide(comment, Action.HIDE, by=user, reason=reason)


def chosen(request: HttpRequest, user: User) -> tuple[list[Comment], bool]:
    """The comments that were ticked, in the order in which they are locked.

    And whether some are gone, which who sees all of them is told; for others it is 404
    where none is theirs.
    """
    given = request.POST.getlist("comment")[:AT_ONCE]
    ids = {one for one in given if re.fullmatch(PUBLIC_ID_PATTERN, one)}
    found = queue.visible_in_queue(user).filter(public_id__in=ids)
    comments = list(found.select_related("post").order_by("post_id", "pk"))
    is_moderator = can_moderate(user)
    if ids and not (comments or is_moderator):
        raise Http404
    return comments, is_moderator and len(comments) < len(ids)


def take_back(request: HttpRequest, user: User) -> HttpResponse:
    entries = own_entries(user, ".".join(request.POST.getlist("entry")))
    may_see = queue.visible_in_queue(user)
    undone, refusals = [], []
    for entry in entries:
        comment = may_see.filter(log=entry).first()
        if comment is None:
            refusals.append(NOT_THERE)
            continue
        try:
            if moderation.undo(entry, by=user).entry:
                undone.append(comment.public_id)
        except tuple(REFUSALS) as refusal:
            refusals.append(REFUSALS[type(refusal)])
    if undone:
        messages.success(request, "Taken back.")
    say_refused(request, refusals, is_done=bool(undone))
    return back(request, user, at=undone[0] if undone else "")


def back(
    request: HttpRequest, user: User, *, done: str = "", at: str = ""
) -> HttpResponseRedirect:
    """To the same tab and page, at what comes next there."""
    tab, number = place_of(request, user)
    query = {"tab": tab, "page": number, "done": done}
    given = urlencode({name: value for name, value in query.items() if value})
    at = at or request.POST.get("next", "")
    anchor = f"#comment-{at}" if re.fullmatch(PUBLIC_ID_PATTERN, at) else ""
    url = f"{reverse('admin:comments_queue')}?{given}{anchor}"
    return HttpResponseRedirect(url, status=303)
