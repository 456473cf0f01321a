"""The admin site: its name, its template folder, its door."""

from __future__ import annotations

from django.contrib.admin.apps import AdminConfig as BaseAdminConfig


class AdminConfig(BaseAdminConfig):
    default_site = "config.admin_site.BylineAdminSite"
