from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.views.generic import RedirectView

from blog.desk import endpoints

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.urls import URLPattern, URLResolver


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
            raise PermissionDenied("The desk is for those who write and moderate.")
        target = request.GET.get("next") or reverse("admin:index")
        return redirect_to_login(target, reverse("account_login"))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        # One form changes passwords, with its limit, its log and its mail.
        change = RedirectView.as_view(pattern_name="account_change_password")
        return [
            path("password_change/", change, name="password_change"),
            path("password_change/done/", change, name="password_change_done"),
            path("blog/preview/", endpoints.preview, name="blog_preview"),
            path("blog/upload/", endpoints.upload, name="blog_upload"),
            path("blog/tags/", endpoints.tags, name="blog_tags"),
            *super().get_urls(),
        ]
