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


@register.filter
def short_time(moment: datetime) -> str:
    """Day and minute, as in "5 Nov 2026, 08:30": `date:"j M Y, H:i"`, much sooner.

    A page has one for every comment.
    """
    return f"{moment.day} {moment:%b %Y, %H:%M}"
