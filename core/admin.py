from __future__ import annotations

from typing import TYPE_CHECKING, Any

import procrastinate.contrib.django.admin  # noqa: F401  (registers what is taken out)
from django.contrib import admin
from django.shortcuts import redirect
from procrastinate.contrib.django.models import ProcrastinateJob

from core.models import SiteSettings

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

# The words of a mail that waits may hold a code: nobody reads them here.
admin.site.unregister(ProcrastinateJob)


@admin.register(SiteSettings)
class SiteSettingsAdmin(admin.ModelAdmin[SiteSettings]):
    """One row, which is there from the first look."""

    fields = (
        "title",
        "tagline",
        "description",
        "comment_policy",
        "closes_after_days",
        "edit_minutes",
        "shows_comment_pictures",
    )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        SiteSettings.objects.get_or_create(pk=1)
        return redirect("admin:core_sitesettings_change", 1)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: SiteSettings | None = None
    ) -> bool:
        return False
