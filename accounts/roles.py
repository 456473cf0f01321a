"""Roles are groups with permissions, made by name after every migration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import Group, Permission
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from collections.abc import Iterable


class Role(models.TextChoices):
    AUTHOR = "Author"
    EDITOR = "Editor"
    MODERATOR = "Moderator"


AUTHOR_MAY = {
    "blog.add_post",
    "blog.change_post",
    "blog.delete_post",
    "blog.view_post",
    "blog.view_tag",
    "blog.add_tag",
}
PERMISSIONS: dict[Role, set[str]] = {
    Role.AUTHOR: AUTHOR_MAY,
    Role.EDITOR: AUTHOR_MAY
    | {"blog.edit_any_post", "blog.change_tag", "blog.delete_tag"},
    Role.MODERATOR: {
        "blog.view_post",
        "comments.view_comment",
        "comments.change_comment",
        "comments.view_report",
        "comments.change_report",
        "comments.view_moderationentry",
    },
}


def sync_roles() -> None:
    """Make the three groups and give each exactly its permissions.

    Safe to repeat. A permission whose app is not migrated yet is left out until then.
    """
    for role, names in PERMISSIONS.items():
        group, _ = Group.objects.get_or_create(name=role.value)
        group.permissions.set(permissions_named(names))


def permissions_named(names: Iterable[str]) -> models.QuerySet[Permission]:
    wanted = Q(pk__in=[])
    for name in names:
        app, _, codename = name.partition(".")
        wanted |= Q(content_type__app_label=app, codename=codename)
    return Permission.objects.filter(wanted)
