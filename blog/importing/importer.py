"""Files to posts, through the blog's services."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from django.db import DataError, IntegrityError, transaction

from accounts.models import User
from blog import services
from blog.importing import attachments
from blog.importing.document import Document, parse
from blog.importing.errors import FileRefused
from blog.models import BODY_MAX_LENGTH, ImportedFile, Post, PostSlug, Revision
from core.markup import MarkupRefused
from core.slugs import slugify

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

SUFFIXES = frozenset({".md", ".markdown", ".txt"})
# A character has four bytes at most in UTF-8; the rest is room for front matter.
MAX_BYTES = 4 * BODY_MAX_LENGTH + 100_000


@dataclass(frozen=True)
class Outcome:
    post: Post
    is_new: bool


def files_in(paths: Sequence[Path]) -> Iterator[Path]:
    """The files named, and those in the folders named, in sorted order."""
    for path in paths:
        if path.is_dir():
            yield from sorted(
                found
                for found in path.rglob("*")
                if found.suffix.lower() in SUFFIXES
                and not is_hidden(found.relative_to(path))
                and found.is_file()
            )
        else:
            yield path


def is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def import_file(path: Path, *, author: User | None, publish: bool) -> Outcome:
    """Make a post of a file, unless there is one. Raises `FileRefused`.

    Nothing is kept of a file that is refused. A file is known by its front matter's
    slug, else by all that stands in it, whatever became of the post since: an edit at
    the desk does not bring the file in a second time.
    """
    document = parse(read(path), path)
    try:
        with transaction.atomic():
            services.lock("posts from files")
            return import_document(
                document, path.parent, author=author, publish=publish
            )
    except (services.BadTag, services.SlugTaken, MarkupRefused) as error:
        raise FileRefused(" ".join(str(error).split())) from error
    except (DataError, IntegrityError) as error:
        raise FileRefused("the database does not take it") from error


def read(path: Path) -> bytes:
    if path.suffix.lower() not in SUFFIXES:
        raise FileRefused("only .md, .markdown and .txt files are read")
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it cannot be read"
        raise FileRefused(reason.lower()) from error
    if len(data) > MAX_BYTES:
        raise FileRefused(f"it is larger than {MAX_BYTES:,} bytes")
    return data


def import_document(
    document: Document, folder: Path, *, author: User | None, publish: bool
) -> Outcome:
    authors = [author] if author else authors_of(document)
    body = document.body
    if authors:
        store = partial(attachments.store_beside, folder=folder, uploaded_by=authors[0])
        body = attachments.store_shown(body, store)
    if post := known_post(document, body):
        return Outcome(post, is_new=False)
    if not authors:
        raise FileRefused("nobody is its author; name one with --author")
    post = save(document, body, folder, authors)
    if not document.slug:
        ImportedFile.objects.create(digest=document.digest, post=post)
    if publish and not document.is_draft:
        services.publish_post(post, at=document.date)
        date_back(post)
    return Outcome(post, is_new=True)


def authors_of(document: Document) -> list[User]:
    """Those of its authors that have accounts, else the blog's only owner."""
    handles = [name.lower() for name in document.authors]
    known = {user.handle: user for user in User.objects.filter(handle__in=handles)}
    named = [known[handle] for handle in dict.fromkeys(handles) if handle in known]
    if named:
        return named
    owners = list(User.objects.filter(is_superuser=True)[:2])
    return owners if len(owners) == 1 else []


def known_post(document: Document, body: str) -> Post | None:
    if document.slug:
        post = Post.objects.filter(slugs__slug=document.slug).first()
        if post and not has_had_the_words(post, document, body):
            raise FileRefused(f"{post.get_absolute_url()} has other words")
    else:
        files = ImportedFile.objects.select_related("post")
        known = files.filter(digest=document.digest).first()
        post = known.post if known else None
    if post and post.deleted_at:
        raise FileRefused(f"{post.get_absolute_url()} was deleted")
    return post


def has_had_the_words(post: Post, document: Document, body: str) -> bool:
    return post.revisions.filter(
        kind=Revision.Kind.SAVE,
        title=document.title,
        summary=document.summary,
        body=body,
    ).exists()


def save(document: Document, body: str, folder: Path, authors: Sequence[User]) -> Post:
    cover = attachments.store_beside(document.cover, folder, uploaded_by=authors[0])
    post = Post(
        title=document.title,
        summary=document.summary,
        body=body,
        cover=cover,
        cover_alt=document.cover_alt[: Post._meta.get_field("cover_alt").max_length],
    )
    if document.language:
        post.language = document.language
    return services.save_post(
        post,
        editor=authors[0],
        authors=authors,
        slug=document.slug or free_hint(document),
        tags=services.tags_from_names(document.tags),
    )


def free_hint(document: Document) -> str | None:
    """The slug that the file's name suggests, where nobody has it."""
    slug = slugify(document.slug_hint)
    taken = PostSlug.objects.filter(slug=slug).exists()
    return slug if slug and not taken else None


def date_back(post: Post) -> None:
    """Old words are not news: they were last changed when they were published."""
    if post.is_published:
        post.updated_at = post.published_at or post.updated_at
        post.save(update_fields=["updated_at"])


def shown(path: Path) -> str:
    """A path as one line of printable text."""
    text = os.fsencode(path).decode(errors="replace")
    return "".join(char if char.isprintable() else "\ufffd" for char in text)
