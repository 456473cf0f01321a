from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import ngettext

from comments import moderation
from comments.models import Comment, CommentRevision, Report
from comments.retention import WordsGone
from core.markup.filters import stored_html

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import AnonymousUser
    from django.db.models import Model, QuerySet
    from django.http import HttpRequest
    from django.utils.safestring import SafeString

    from accounts.models import User


def change_each(
    request: HttpRequest, comments: QuerySet[Comment], change: Callable[..., Any]
) -> None:
    n = gone = 0
    for comment in comments.order_by("post_id", "pk"):
        try:
            change(comment)
            n += 1
        except WordsGone:
            gone += 1
    said = ngettext("%d comment was looked at.", "%d comments were looked at.", n)
    if n:
        messages.success(request, said % n)
    if gone:
        said = ngettext(
            "The words are gone: %d comment was taken away more than 30 days ago.",
            "The words are gone: %d comments were taken away more than 30 days ago.",
            gone,
        )
        messages.error(request, said % gone)


class CommentRevisionInline(admin.TabularInline[CommentRevision, Comment]):
    model = CommentRevision
    extra = 0
    can_delete = False
    fields = ("replaced_at", "body")
    readonly_fields = ("replaced_at", "body")
    verbose_name_plural = "What it said before"

    def has_view_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        return request.user.has_perm("comments.view_comment")

    def has_add_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        return False

    has_change_permission = has_add_permission
    has_delete_permission = has_add_permission


@admin.register(Comment)
class CommentAdmin(admin.ModelAdmin[Comment]):
    """Reading and deciding; words are their author's, so nobody edits them here."""

    list_display = ("words", "author", "post", "state", "created_at")
    list_filter = ("state", "created_at")
    search_fields = ("body", "author__handle", "author__display_name", "public_id")
    search_help_text = "Words, handle, name, or the id in the address"
    list_select_related = ("author", "post")
    date_hierarchy = "created_at"
    ordering = ("-created_at", "-pk")
    show_full_result_count = False
    actions = ("remove_from_page", "restore_to_page")
    inlines = (CommentRevisionInline,)
    fields = (
        "text",
        "author",
        "post",
        "parent",
        "state",
        "created_at",
        "edited_at",
        "state_changed_at",
        "reaction_counts",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        unseen = ("body_html", "post__body", "post__body_html", "post__toc")
        return super().get_queryset(request).defer(*unseen)

    @admin.display(description="comment")
    def words(self, comment: Comment) -> str:
        return Truncator(comment.body).chars(90) or "(the words are gone)"

    @admin.display(description="comment")
    def text(self, comment: Comment) -> str:
        return stored_html(comment.body_html)

    @admin.action(description="Remove from the page", permissions=["change"])
    def remove_from_page(
        self, request: HttpRequest, queryset: QuerySet[Comment]
    ) -> None:
        change_each(request, queryset, moderation.remove_comment)

    @admin.action(description="Restore to the page", permissions=["change"])
    def restore_to_page(
        self, request: HttpRequest, queryset: QuerySet[Comment]
    ) -> None:
        change_each(request, queryset, moderation.restore_comment)

    def get_view_on_site_url(self, obj: Comment | None = None) -> str | None:
        return obj.get_absolute_url() if obj and obj.is_visible else None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: Comment | None = None
    ) -> bool:
        return False


class OpenFilter(admin.SimpleListFilter):
    title = "open"
    parameter_name = "open"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, str]]:
        return [("no", "Resolved"), ("all", "All")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Report]
    ) -> QuerySet[Report]:
        if self.value() == "all":
            return queryset
        return queryset.filter(resolved_at__isnull=self.value() != "no")

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield first | {"display": "Open"}
        yield from others


@admin.register(Report)
class ReportAdmin(admin.ModelAdmin[Report]):
    list_display = (
        "target",
        "reason",
        "short_note",
        "reporter",
        "created_at",
        "is_open",
    )
    list_filter = (OpenFilter, "reason")
    search_fields = ("note", "reporter__handle")
    list_select_related = ("post", "comment__author", "reporter")
    list_display_links = ("reason",)
    ordering = ("-created_at", "-pk")
    show_full_result_count = False
    actions = ("mark_resolved", "remove_and_resolve")
    fields = (
        "target",
        "text",
        "reason",
        "note",
        "reporter",
        "created_at",
        "resolved_at",
        "resolved_by",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        of_post = ("post__body", "post__body_html", "post__toc")
        of_comment = ("comment__body", "comment__body_html")
        return super().get_queryset(request).defer(*of_post, *of_comment)

    @admin.display(description="what")
    def target(self, report: Report) -> SafeString:
        if report.comment:
            url = report.comment.get_absolute_url()
            label = f"Comment by {report.comment.author_name}"
        else:
            url = report.post.get_absolute_url() if report.post else ""
            label = f"Article: {report.post}"
        return format_html('<a href="{}">{}</a>', url, label)

    @admin.display(description="comment")
    def text(self, report: Report) -> str:
        return stored_html(report.comment.body_html) if report.comment else "–"

    @admin.display(description="note")
    def short_note(self, report: Report) -> str:
        return Truncator(report.note).chars(80)

    @admin.display(description="open", boolean=True)
    def is_open(self, report: Report) -> bool:
        return report.resolved_at is None

    @admin.action(description="Mark as resolved", permissions=["change"])
    def mark_resolved(self, request: HttpRequest, queryset: QuerySet[Report]) -> None:
        resolve_each(request, queryset)

    @admin.action(description="Remove the comment and resolve", permissions=["change"])
    def remove_and_resolve(
        self, request: HttpRequest, queryset: QuerySet[Report]
    ) -> None:
        if not request.user.has_perm("comments.change_comment"):
            messages.error(request, "You may not remove comments.")
            return
        for comment in Comment.objects.filter(reports__in=queryset).distinct():
            moderation.remove_comment(comment)
        resolve_each(request, queryset.exclude(comment=None))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: Report | None = None
    ) -> bool:
        return False


def resolve_each(request: HttpRequest, reports: QuerySet[Report]) -> None:
    by: User | AnonymousUser = request.user
    n = 0
    for report in reports:
        moderation.resolve_report(report, by=by)  # type: ignore[arg-type]
        n += 1
    said = ngettext("%d report is resolved.", "%d reports are resolved.", n)
    messages.success(request, said % n)
