"""Public pages: the same bytes for every reader."""

from __future__ import annotations

from core.pagecache.public import PrivateDataTouched, public_page

__all__ = ["PrivateDataTouched", "public_page"]
