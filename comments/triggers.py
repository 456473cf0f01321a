"""How public pages hear that a conversation changed."""

from __future__ import annotations

import pgtrigger

from comments.models import Comment, CommentRevision, Question, Side
from core.pagecache.triggers import Touches, announce

OF_POST = Touches("'post:' || post_id")
OF_REVISED = Touches(
    "'post:' || (SELECT post_id FROM comments_comment c WHERE c.id = comment_id)"
)
OF_QUESTION = Touches(
    "'post:' || (SELECT q.post_id FROM comments_question q WHERE q.id = question_id)"
)


def install() -> None:
    pgtrigger.register(*announce(OF_POST))(Comment)
    pgtrigger.register(*announce(OF_REVISED))(CommentRevision)
    pgtrigger.register(*announce(OF_POST))(Question)
    pgtrigger.register(*announce(OF_QUESTION))(Side)
