from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import ngettext

from blog.models import Post
from comments import moderation
from comments.models import Comment, CommentRevision, ModerationEntry, Report
from comments.retention import WordsGone
from comments.services import GONE
from core.markup.filters import stored_html

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.contrib.auth.models import AnonymousUser
    from django.db.models import Model, QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString

    from accounts.models import User


def change_each(
    request: HttpRequest, comments: QuerySet[Comment], change: Callable[..., Any]
) -> None:
    n = without_words = erased = 0
    for comment in comments.order_by("post_id", "pk"):
        try:
            change(comment, by=request.user)
            n += 1
        except WordsGone:
            without_words += 1
        except GONE:
            erased += 1
    said = ngettext("%d comment was looked at.", "%d comments were looked at.", n)
    if n:
        messages.success(request, said % n)
    if without_words:
        said = ngettext(
            "The words are gone: %d comment was taken away more than 30 days ago.",
            "The words are gone: %d comments were taken away more than 30 days ago.",
            without_words,
        )
        messages.error(request, said % without_words)
    if erased:
        said = ngettext(
            "%d comment is gone: it was erased in the meantime.",
            "%d comments are gone: they were erased in the meantime.",
            erased,
        )
        messages.error(request, said % erased)


def who_decided(entry: ModerationEntry) -> str:
    """Their name; the log keeps who it was where the account is gone."""
    if entry.by_id is None:
        return "nobody"
    return entry.by.name if entry.by else f"account {entry.by_id}"


class ReadOnly:
    """Nobody adds, changes or deletes: services do."""

    def has_add_permission(self, *args: Any) -> bool:
        return False

    def has_change_permission(self, *args: Any) -> bool:
        return False

    def has_delete_permission(self, *args: Any) -> bool:
        return False


class CommentRevisionInline(ReadOnly, admin.TabularInline[CommentRevision, Comment]):
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


class ModerationEntryInline(ReadOnly, admin.TabularInline[ModerationEntry, Comment]):
    model = ModerationEntry
    extra = 0
    can_delete = False
    fields = ("created_at", "action", "reason", "who")
    readonly_fields = fields
    verbose_name_plural = "What was decided"

    def get_queryset(self, request: HttpRequest) -> QuerySet[ModerationEntry]:
        return super().get_queryset(request).select_related("by")

    @admin.display(description="by")
    def who(self, entry: ModerationEntry) -> str:
        return who_decided(entry)


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
    inlines = (ModerationEntryInline, CommentRevisionInline)
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
        # Who reported somebody is not theirs to know, moderators or not.
        others = super().get_queryset(request).exclude(comment__author=request.user.pk)
        return others.defer(*of_post, *of_comment)

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
        reports = list(queryset.exclude(comment=None))
        reported = Comment.objects.filter(reports__in=reports)
        change_each(request, reported.distinct(), moderation.remove_comment)
        resolve_each(request, reports)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: Report | None = None
    ) -> bool:
        return False


def resolve_each(request: HttpRequest, reports: Iterable[Report]) -> None:
    by: User | AnonymousUser = request.user
    n = 0
    for report in reports:
        moderation.resolve_report(report, by=by)  # type: ignore[arg-type]
        n += 1
    said = ngettext("%d report is resolved.", "%d reports are resolved.", n)
    messages.success(request, said % n)


class DeciderFilter(admin.RelatedOnlyFieldListFilter):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = "who decided"


@admin.register(ModerationEntry)
class ModerationEntryAdmin(ReadOnly, admin.ModelAdmin[ModerationEntry]):
    """What was decided, by whom and why. It outlives what it is about."""

    list_display = ("created_at", "action", "what", "who", "reason")
    list_display_links = None
    list_filter = ("action", "created_at", ("by", DeciderFilter))
    list_per_page = 50
    search_fields = ("reason", "comment__public_id", "by__handle", "by__display_name")
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    date_hierarchy = "created_at"
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[ModerationEntry]:
        titles = Post.objects.filter(pk=OuterRef("post_id")).values("title")
        entries = super().get_queryset(request).annotate(post_title=Subquery(titles))
        unseen = ("comment__body", "comment__body_html")
        return entries.select_related("comment__author", "by").defer(*unseen)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"title": "Moderation log"})

    @admin.display(description="by")
    def who(self, entry: ModerationEntry) -> str:
        return who_decided(entry)

    @admin.display(description="what")
    def what(self, entry: ModerationEntry) -> SafeString | str:
        title = getattr(entry, "post_title", None) or "an article that is gone"
        if entry.comment_id is None:
            return f"Comments under {title}"
        if entry.comment is None:
            return f"A comment that is gone, under {title}"
        url = reverse("admin:comments_comment_change", args=[entry.comment_id])
        label = f"Comment by {entry.comment.author_name}"
        return format_html('<a href="{}">{}</a> under {}', url, label, title)
