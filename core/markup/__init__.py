"""Markdown to safe HTML: the only way from what people type to what pages show."""

from __future__ import annotations

from core.markup.limits import MarkupRefused, Profile
from core.markup.linked_data import linked_data
from core.markup.output import excerpt, for_feed, plain_text, shorten
from core.markup.pipeline import (
    RENDERER_VERSION,
    ImageInfo,
    Rendered,
    TocEntry,
    count_words,
    render,
)
from core.markup.rows import fill

__all__ = [
    "RENDERER_VERSION",
    "ImageInfo",
    "MarkupRefused",
    "Profile",
    "Rendered",
    "TocEntry",
    "count_words",
    "excerpt",
    "fill",
    "for_feed",
    "linked_data",
    "plain_text",
    "render",
    "shorten",
]
