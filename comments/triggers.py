"""How public pages hear that a conversation changed."""

from __future__ import annotations

import pgtrigger

from comments.models import Comment
from core.pagecache.triggers import Touches, announce


def install() -> None:
    pgtrigger.register(*announce(Touches("'post:' || post_id")))(Comment)
