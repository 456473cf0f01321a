from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

if TYPE_CHECKING:
    from datetime import datetime

register = template.Library()


@register.filter
def iso_time(moment: datetime) -> str:
    """The moment as machines read it, to the second.

    HTML takes at most three digits of a second, so Django's own `date:"c"`, which has
    six, makes a page invalid.
    """
    return moment.isoformat(timespec="seconds")
