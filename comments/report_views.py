from __future__ import annotations

from typing import Any

from django.http import (
    HttpRequest,
    HttpResponse,
)
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from accounts.decorators import member_required
from comments import moderation, services
from comments.acts import (
    comment_for,
    comment_gone,
    done,
    find_post,
    member_of,
    post_gone,
    require_form_methods,
    show_form,
)
from comments.forms import ReportForm
from comments.models import Comment, Report
from core.decorators import by_user, rate_limit

limit_reports = rate_limit("report", limit=10, seconds=3600, by=by_user)


@never_cache
@require_form_methods
@member_required
@limit_reports
def comment_report(request: HttpRequest, public_id: str) -> HttpResponse:
    comment = comment_for(request, public_id) or reported_by(request, public_id)
    if comment is None:
        return comment_gone(request)
    context = {"comment": comment, "post": comment.post}
    return report_form(request, Report(comment=comment), context)


def reported_by(request: HttpRequest, public_id: str) -> Comment | None:
    """What the asker reported, and perhaps hid by it: they are thanked all the same."""
    reported = Comment.objects.on_published_posts().filter(
        public_id=public_id,
        reports__reporter=request.user.pk,
        reports__resolved_at=None,
    )
    return reported.select_related("post", "author").first()


@never_cache
@require_form_methods
@member_required
@limit_reports
def post_report(request: HttpRequest, slug: str) -> HttpResponse:
    post = find_post(slug)
    if post is None:
        return post_gone(request)
    if post.slug != slug and request.method != "POST":
        return redirect("comments:post_report", post.slug)
    return report_form(request, Report(post=post), {"post": post})


def report_form(
    request: HttpRequest, report: Report, context: dict[str, Any]
) -> HttpResponse:
    """Both reports: what was filed is shown by the same page, with thanks."""
    mine = Report.objects.filter(
        post=report.post,
        comment=report.comment,
        reporter=member_of(request),
        resolved_at=None,
    )
    form = ReportForm(
        request.POST if request.method == "POST" else None, auto_id="report-%s"
    )
    if request.method == "POST" and form.is_valid():
        report.reporter = member_of(request)
        report.reason = form.cleaned_data["reason"]
        report.note = form.cleaned_data["note"]
        try:
            moderation.file_report(report)
        except services.GONE:
            return comment_gone(request) if report.comment else post_gone(request)
        return done(request, request.path)
    context |= {"known": mine.first(), "action": request.path}
    return show_form(request, "comments/report.html", form, context)
