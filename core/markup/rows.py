from __future__ import annotations

from html import escape

from django.utils.safestring import SafeString, mark_safe


def fill(row: str, *values: str | int) -> SafeString:
    """`format_html` for what stands on a page many times, in a third of the time.

    Escapes alike: whatever is neither a number nor safe already.
    """
    shown = [
        value if isinstance(value, SafeString | int) else escape(value)
        for value in values
    ]
    return mark_safe(row.format(*shown))  # noqa: S308
