from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.decorators import private
from accounts.limits import for_participants
from accounts.participants import participant_of
from comments import confirmation, guests, places
from comments.acts import (
    comment_for,
    comment_gone,
    done,
    done_on_page,
    require_form_methods,
)
from comments.history import can_change
from comments.models import Comment
from comments.permissions import is_own
from core.decorators import rate_limits, too_many
from core.http import refuse
from core.models import SiteSettings

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from comments.models import Guest

BROKEN = (
    "Perhaps the mail broke it into two lines: copy all of it. If that does not help, "
    "write your comment again."
)
TOO_OLD = (
    "It was good for seven days. In the browser in which you wrote, the mail can be "
    "sent once more."
)
limit_mails = rate_limits(
    *for_participants("confirmation", limit=10, network_limit=30, seconds=60 * 60)
)


@private
@require_form_methods
@limit_mails
def comment_waiting(request: HttpRequest, public_id: str) -> HttpResponse:
    """Why one's own comment is not seen yet, and the mail once more."""
    comment = comment_for(request, public_id)
    if comment is None or not is_own(participant_of(request), comment):
        return comment_gone(request)
    if comment.state != Comment.State.PENDING:
        return redirect("comments:comment_options", public_id)
    if request.method == "POST":
        return mail_again(request, comment)
    context = {
        "comment": comment,
        "post": comment.post,
        "can_edit": can_change(comment, SiteSettings.load()),
    }
    return render(request, "comments/comment_waiting.html", context)


def mail_again(request: HttpRequest, comment: Comment) -> HttpResponse:
    guest, post = comment.guest, comment.post
    waits_for_address = comment.waits_for == Comment.WaitsFor.ADDRESS
    if guest and waits_for_address and (wait := confirmation.send(guest, post)):
        return too_many(request, wait)
    about = {"id": comment.public_id, "state": comment.state}
    return done(request, f"{request.path}?sent=1", **about)


@private
@require_form_methods
def guest_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Only the button confirms: what looks at links in mail presses none."""
    try:
        guest = confirmation.guest_of(token)
    except confirmation.LinkTooOld as old:
        return link_too_old(request, old.guest)
    except confirmation.LinkBroken:
        return refuse(
            request,
            status=404,
            title="This link does not work",
            sentence=BROKEN,
        )
    if request.method == "POST":
        guests.confirm(guest)
        if newest := guests.newest_visible(guest):
            return done_on_page(request, places.address_of(newest))
        return done(request, request.path)
    context = {
        "guest": guest,
        "waiting": guests.waiting(guest).newest_first().select_related("post")[:10],
        "newest": guests.newest_visible(guest),
    }
    return render(request, "comments/guest_confirm.html", context)


def link_too_old(request: HttpRequest, guest: Guest) -> HttpResponse:
    newest = guests.waiting(guest).newest_first().first()
    link = None
    if newest is not None:
        path = reverse("comments:comment_waiting", args=[newest.public_id])
        link = ("Send it once more", path)
    return refuse(
        request, status=410, title="This link is too old", sentence=TOO_OLD, link=link
    )
