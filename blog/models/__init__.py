from __future__ import annotations

from blog.models.image import Image
from blog.models.post import (
    BODY_MAX_LENGTH,
    EXCERPT_LENGTH,
    LANGUAGE_MAX_LENGTH,
    Post,
    PostAuthor,
    PostSlug,
    PostStats,
    PostTag,
)
from blog.models.revision import PREVIEW_LINK_AGE, ImportedFile, PreviewLink, Revision
from blog.models.tag import TAG_NAME_MAX_LENGTH, Tag, TagSlug

__all__ = [
    "BODY_MAX_LENGTH",
    "EXCERPT_LENGTH",
    "LANGUAGE_MAX_LENGTH",
    "PREVIEW_LINK_AGE",
    "TAG_NAME_MAX_LENGTH",
    "Image",
    "ImportedFile",
    "Post",
    "PostAuthor",
    "PostSlug",
    "PostStats",
    "PostTag",
    "PreviewLink",
    "Revision",
    "Tag",
    "TagSlug",
]
