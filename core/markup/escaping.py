"""What has to be written as a reference in text, and nothing more.

Every `&` costs bleach a search, and a quotation mark in text means nothing.
"""

from __future__ import annotations


def escape_text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
