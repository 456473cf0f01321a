from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.views.generic import RedirectView

from accounts.decorators import sign_in_first
from blog.desk import endpoints
from comments import queue
from comments.permissions import can_use_queue
from comments.queue_views import comment_queue

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase
    from django.urls import URLPattern, URLResolver


NOT_YOURS = "The desk is for those who write and moderate."


class BylineAdminSite(AdminSite):
    """The author's desk. It has no door of its own: everybody signs in at one place."""

    site_header = "Byline"
    site_title = "Byline"
    index_title = "Desk"

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseRedirect:
        if request.user.is_authenticated and not self.has_permission(request):
            # Signing in again would only lead back here.
            raise PermissionDenied(NOT_YOURS)
        target = request.GET.get("next") or reverse("admin:index")
        return redirect_to_login(target, reverse("account_login"))

    def admin_view(
        self,
        view: Callable[..., HttpResponseBase],
        cacheable: bool = False,  # noqa: FBT001, FBT002  (Django's signature)
    ) -> Any:
        """Give back what was typed to who is signed out, or has lost the desk."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if request.method != "POST" or self.has_permission(request):
                return inner(request, *args, **kwargs)
            if request.user.is_authenticated:
                raise PermissionDenied(NOT_YOURS)
            if request.path == reverse("admin:logout"):
                return inner(request, *args, **kwargs)
            return sign_in_first(request)

        return checked

    def get_urls(self) -> list[URLPattern | URLResolver]:
        # One form changes passwords, with its limit, its log and its mail.
        change = RedirectView.as_view(pattern_name="account_change_password")
        return [
            path("password_change/", change, name="password_change"),
            path("password_change/done/", change, name="password_change_done"),
            path("blog/preview/", endpoints.preview, name="blog_preview"),
            path("blog/upload/", endpoints.upload, name="blog_upload"),
            path("blog/tags/", endpoints.tags, name="blog_tags"),
            path(
                "comments/queue/",
                self.admin_view(comment_queue),
                name="comments_queue",
            ),
            *super().get_urls(),
        ]

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        """What there is at the desk, and first what waits for a look."""
        apps: list[dict[str, Any]] = super().get_app_list(request, app_label)
        if app_label in {None, "comments"} and can_use_queue(request.user):
            known = [app for app in apps if app["app_label"] == "comments"]
            others = [app for app in apps if app["app_label"] != "comments"]
            apps = [with_queue(request, *known), *others]
        return apps


def with_queue(
    request: HttpRequest, app: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The section of the conversation, which for authors is the queue alone."""
    url = reverse("admin:comments_queue")
    waiting = queue.number_waiting(request.user)  # type: ignore[arg-type]
    entry = {
        "name": f"Queue ({waiting})" if waiting else "Queue",
        "object_name": "Queue",
        "admin_url": url,
        "add_url": None,
        "view_only": True,
        "perms": {"view": True},
    }
    if app is None:
        app = {"name": "Comments", "app_label": "comments", "models": []}
        app |= {"app_url": url, "has_module_perms": True}
    return app | {"models": [entry, *app["models"]]}
