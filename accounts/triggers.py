"""What of accounts public pages show, and how they hear that it changed."""

from __future__ import annotations

import pgtrigger

from accounts.models import User, UserHandle
from core.pagecache.tags import watch
from core.pagecache.triggers import Touches, announce

SHOWN = ("id", "handle", "display_name", "bio", "avatar", "links")


def install() -> None:
    watch(User, "user")
    user = announce(Touches("'user:' || id", SHOWN))
    handle = announce(Touches("'user:' || user_id"))
    pgtrigger.register(*user)(User)
    pgtrigger.register(*handle)(UserHandle)
