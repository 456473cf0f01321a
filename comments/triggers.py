"""How public pages hear that a conversation changed."""

from __future__ import annotations

import pgtrigger

from comments.models import Comment, CommentRevision
from core.pagecache.triggers import Touches, announce

OF_REVISED = Touches(
    "'post:' || (SELECT post_id FROM comments_comment c WHERE c.id = comment_id)"
)


def install() -> None:
    pgtrigger.register(*announce(Touches("'post:' || post_id")))(Comment)
    pgtrigger.register(*announce(OF_REVISED))(CommentRevision)
