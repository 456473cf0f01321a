from __future__ import annotations

from comments.models.comment import (
    BODY_MAX_LENGTH,
    LEVELS,
    PUBLIC_ID_PATTERN,
    Comment,
    CommentRevision,
    make_public_id,
)
from comments.models.guest import NAME_MAX_LENGTH, Guest
from comments.models.moderation import ModerationEntry, Report
from comments.models.opinion import Question, Side, Vote

__all__ = [
    "BODY_MAX_LENGTH",
    "LEVELS",
    "NAME_MAX_LENGTH",
    "PUBLIC_ID_PATTERN",
    "Comment",
    "CommentRevision",
    "Guest",
    "ModerationEntry",
    "Question",
    "Report",
    "Side",
    "Vote",
    "make_public_id",
]
