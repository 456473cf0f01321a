from __future__ import annotations

from django.apps import AppConfig, apps


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        # Django's own announcement: there is no service to send one of ours.
        from django.db.models.signals import post_migrate  # noqa: TID251

        # The last of the apps whose permissions the roles name.
        post_migrate.connect(
            make_roles,
            sender=apps.get_app_config("comments"),
            dispatch_uid="config.make_roles",
        )


def make_roles(**kwargs: object) -> None:
    from accounts.roles import sync_roles

    sync_roles()
