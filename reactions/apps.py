from __future__ import annotations

from django.apps import AppConfig


class ReactionsConfig(AppConfig):
    name = "reactions"

    def ready(self) -> None:
        from accounts.me import register
        from reactions import receivers, triggers  # noqa: F401
        from reactions.me import fill_reactions

        register(fill_reactions)
        triggers.install()
