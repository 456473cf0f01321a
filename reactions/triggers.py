"""How public pages hear that the signs to give changed; they are on every article."""

from __future__ import annotations

import pgtrigger

from core.pagecache.triggers import Touches, announce
from reactions.models import ReactionKind


def install() -> None:
    pgtrigger.register(*announce(Touches("'site'")))(ReactionKind)
