from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import ActionLocation
from django.contrib.admin.utils import unquote
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.timesince import timesince

from blog import services
from blog.desk import views as desk
from blog.forms import TagForm
from blog.models import Post, Tag

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern

    from blog.querysets import PostQuerySet


class StateFilter(SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(value), str(label)) for value, label in Post.State.choices]

    def queryset(self, request: HttpRequest, queryset: Any) -> PostQuerySet:
        posts: PostQuerySet = queryset
        narrowed = {
            Post.State.DRAFT: posts.drafts,
            Post.State.SCHEDULED: posts.scheduled,
            Post.State.PUBLISHED: posts.published,
            Post.State.DELETED: posts.restorable,
        }
        return narrowed.get(self.value(), posts.existing)()  # type: ignore[call-overload,no-any-return]


class AuthorFilter(SimpleListFilter):
    """For editors; authors see their own posts only."""

    title = "author"
    parameter_name = "author"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        if not request.user.has_perm("blog.edit_any_post"):
            return []
        named = Post.authors.through.objects.order_by("user__handle")
        handles = named.values_list("user__handle", flat=True).distinct()[:100]
        return [(handle, f"@{handle}") for handle in handles]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if handle := self.value():
            return queryset.filter(bylines__user__handle=handle)
        return queryset


@admin.register(Post)
class PostAdmin(admin.ModelAdmin[Post]):
    list_display = ("title", "state", "author_names", "date", "comments")
    list_filter = (
        StateFilter,
        ("tags", admin.RelatedOnlyFieldListFilter),
        AuthorFilter,
    )
    list_per_page = 50
    search_fields = ("title", "summary", "slug", "tags__name")
    search_help_text = "Title, summary, address or tag"
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    ordering = ("-updated_at", "-pk")
    actions = ("publish", "unpublish", "restore")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Post]:
        posts = Post.objects.editable_by(request.user)  # type: ignore[arg-type]
        if request.resolver_match and request.resolver_match.url_name == (
            "blog_post_changelist"
        ):
            posts = posts.for_desk()
        return posts.order_by(*self.ordering)

    @admin.display(description="state")
    def state(self, post: Post) -> str:
        state = post.state
        return format_html(
            '<span class="state state--{}">{}</span>', state, state.label
        )

    @admin.display(description="authors")
    def author_names(self, post: Post) -> str:
        return ", ".join(byline.user.name for byline in post.bylines.all())

    @admin.display(description="date", ordering="published_at")
    def date(self, post: Post) -> str:
        if post.published_at is None:
            return f"saved {timesince(post.updated_at, depth=1)} ago"
        return f"{post.published_at:%Y-%m-%d %H:%M}"

    @admin.display(description="comments", ordering="stats__comment_count")
    def comments(self, post: Post) -> int:
        return post.stats.comment_count

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path(
                "<int:pk>/history/<int:version>/",
                wrap(self.revision_view),
                name="blog_post_revision",
            ),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"title": "Posts"})

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return desk.post_form(request, self, unquote(object_id) if object_id else None)

    def history_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return desk.revision_list(request, self, unquote(object_id))

    def revision_view(
        self, request: HttpRequest, pk: int, version: int
    ) -> HttpResponse:
        return desk.revision_detail(request, self, str(pk), version)

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        raise Http404

    def get_deleted_objects(
        self, objs: Iterable[Any], request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """Only the posts are named: hiding them takes nothing with them."""
        return [str(post) for post in objs], {}, set(), []

    def delete_model(self, request: HttpRequest, obj: Post) -> None:
        services.delete_post(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Post]) -> None:
        for post in queryset:
            services.delete_post(post)

    def get_actions(
        self,
        request: HttpRequest,
        action_location: ActionLocation = ActionLocation.CHANGE_LIST,
    ) -> dict[str, Any]:
        actions = super().get_actions(request, action_location)
        shows_deleted = request.GET.get("state") == Post.State.DELETED
        fitting = {"restore"} if shows_deleted else actions.keys() - {"restore"}
        return {name: it for name, it in actions.items() if name in fitting}

    @admin.action(description="Publish…", permissions=["change"])
    def publish(
        self, request: HttpRequest, queryset: QuerySet[Post]
    ) -> TemplateResponse | None:
        return self.confirmed(request, queryset, "publish", services.publish_post)

    @admin.action(description="Back to draft…", permissions=["change"])
    def unpublish(
        self, request: HttpRequest, queryset: QuerySet[Post]
    ) -> TemplateResponse | None:
        return self.confirmed(request, queryset, "unpublish", services.unpublish_post)

    @admin.action(description="Restore", permissions=["change"])
    def restore(self, request: HttpRequest, queryset: QuerySet[Post]) -> None:
        for post in queryset:
            services.restore_post(post)
        self.message_user(request, "They are back, as they were.", messages.SUCCESS)

    def confirmed(
        self,
        request: HttpRequest,
        queryset: QuerySet[Post],
        action: str,
        change: Callable[[Post], Post],
    ) -> TemplateResponse | None:
        """Ask first; the second time do it to each of the posts."""
        if "confirmed" not in request.POST:
            context = self.admin_site.each_context(request) | {
                "title": "Publish" if action == "publish" else "Back to draft",
                "opts": self.opts,
                "posts": queryset,
                "action": action,
                "action_checkbox_name": ACTION_CHECKBOX_NAME,
            }
            return TemplateResponse(
                request, "admin/blog/post/confirm_action.html", context
            )
        done = 0
        for post in queryset.prefetch_related(None):
            if action == "publish" and not post.body.strip():
                self.message_user(
                    request, f"“{post}” has no text to publish.", messages.WARNING
                )
                continue
            self.log_change(request, change(post), f"Action: {action}.")
            done += 1
        verb = "published" if action == "publish" else "made drafts"
        self.message_user(request, f"{done} {verb}.", messages.SUCCESS)
        return None


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin[Tag]):
    list_display = ("name", "slug")
    search_fields = ("name",)
    form = TagForm

    def save_model(
        self,
        request: HttpRequest,
        obj: Tag,
        form: Any,
        change: bool,  # noqa: FBT001  (Django's signature)
    ) -> None:
        services.save_tag(obj, slug=obj.slug)
