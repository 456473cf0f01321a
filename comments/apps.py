from __future__ import annotations

from django.apps import AppConfig


class CommentsConfig(AppConfig):
    name = "comments"

    def ready(self) -> None:
        from accounts.me import register
        from blog.desk import parts
        from comments import receivers, triggers  # noqa: F401
        from comments.desk import QuestionPart
        from comments.me import fill_comments, fill_post

        register(fill_post)
        register(fill_comments)
        parts.register(QuestionPart)
        triggers.install()
