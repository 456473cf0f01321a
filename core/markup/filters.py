"""Template filters for stored HTML, loaded as `markup`."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.filter
def stored_html(html: str) -> SafeString:
    """Put HTML that `core.markup.render` made into the page as it is.

    The only place where a string is declared safe.
    """
    return mark_safe(html)  # noqa: S308
