"""Public pages: the same bytes for every reader, made once (docs/architecture.md)."""

from __future__ import annotations

from core.pagecache.public import PrivateDataTouched, public_page

__all__ = ["PrivateDataTouched", "public_page"]
