from __future__ import annotations


class FileRefused(ValueError):
    """A file cannot become a post; the message is the reason, for its owner."""
