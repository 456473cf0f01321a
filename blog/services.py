"""What changes posts and tags: every state change goes through here."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from blog.images import hold_images, lookup_in
from blog.models import (
    EXCERPT_LENGTH,
    PREVIEW_LINK_AGE,
    TAG_NAME_MAX_LENGTH,
    Image,
    Post,
    PostAuthor,
    PostSlug,
    PostStats,
    PreviewLink,
    Revision,
    Tag,
    TagSlug,
)
from blog.signals import comment_policy_changed
from core import markup
from core.slugs import free_slug, slugify

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from accounts.models import User

WORDS = ("title", "summary", "body")
RENDERED = ("body_html", "excerpt", "toc", "word_count", "renderer_version")


class EditConflict(Exception):
    """Somebody saved newer words; `current` is the post as it is now."""

    def __init__(self, current: Post) -> None:
        super().__init__("Somebody saved a newer version in the meantime.")
        self.current = current


class PostDeleted(Exception):
    """The post was deleted in the meantime: it can be restored, not written to."""


class SlugTaken(ValueError):
    """The wished slug belongs, or once belonged, to another post or tag."""


class BadTag(ValueError):
    """A tag's name has no letter and no digit, or is too long."""


@transaction.atomic
def save_post(
    post: Post,
    *,
    editor: User | None,
    base_version: int | None = None,
    slug: str | None = None,
    tags: Sequence[Tag] | None = None,
    authors: Sequence[User] | None = None,
) -> Post:
    """Create or change a post: render it, keep its slugs, write a revision.

    `base_version` is the version the editor began from; where a newer one exists
    `EditConflict` is raised and nothing is saved (None: whatever is there now). A
    given slug is taken or refused with `SlugTaken`; without one a new post gets one
    from its title. `tags` and `authors` replace what was there, None leaves it; a new
    post without authors is the editor's. Raises `PostDeleted` and
    `core.markup.MarkupRefused`.
    """
    now = timezone.now()
    is_new = post.pk is None
    if is_new:
        post.pk = next_post_pk()
        has_new_words = True
    else:
        current = locked_post(post.pk, base_version)
        post.version = current.version
        has_new_words = any(
            getattr(post, name) != getattr(current, name) for name in WORDS
        )
        post.slug = current.slug
        if post.comment_policy != current.comment_policy:
            comment_policy_changed.send(Post, before=current, post=post, editor=editor)
    if has_new_words:
        post.updated_at = now
    post.version += 1
    shown = render(post)
    post.slug = claim_slug(post, slug)
    post.save(force_insert=is_new)
    post.images.set(shown)
    if is_new:
        PostStats.objects.create(post=post)
        authors = authors or ([editor] if editor else [])
    if authors is not None:
        set_authors(post, authors)
    if tags is not None:
        post.tags.set(tags)
    add_revision(post, editor, now)
    return post


@transaction.atomic
def restore_words(
    revision: Revision, *, editor: User, base_version: int | None = None
) -> Post:
    """Give the post the words of the revision again, as a new version of its own.

    Nothing else of the post is written: it is as others leave it. `base_version` is
    the version that these words were compared with: where a newer one exists
    `EditConflict` is raised. Raises `PostDeleted` and `core.markup.MarkupRefused`.
    """
    post = locked_post(revision.post_id, base_version)
    for name in WORDS:
        setattr(post, name, getattr(revision, name))
    post.version += 1
    post.updated_at = timezone.now()
    shown = render(post)
    post.save(update_fields=[*WORDS, *RENDERED, "version", "updated_at"])
    post.images.set(shown)
    add_revision(post, editor, post.updated_at)
    return post


def add_revision(post: Post, editor: User | None, created_at: datetime) -> None:
    Revision.objects.create(
        post=post,
        version=post.version,
        title=post.title,
        summary=post.summary,
        body=post.body,
        editor=editor,
        created_at=created_at,
    )


def locked_post(pk: int, base_version: int | None) -> Post:
    """The post as it is now, if it may be written to: nobody else does until then."""
    current = Post.objects.select_for_update(no_key=True).get(pk=pk)
    if current.deleted_at:
        raise PostDeleted("Somebody deleted the article in the meantime.")
    if base_version not in {None, current.version}:
        raise EditConflict(current)
    return current


def next_post_pk() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('blog_post', 'id'))")
        (pk,) = cursor.fetchone()
    return int(pk)


@transaction.atomic
def rerender_post(pk: int) -> bool:
    """Bring what is stored beside the body up to the renderer: no edit, no revision.

    False, and nothing done, where it is fresh or gone, or being saved at this moment.
    Raises `core.markup.MarkupRefused`; the HTML then stays as it was.
    """
    stale = Post.objects.filter(pk=pk, renderer_version__lt=markup.RENDERER_VERSION)
    post = stale.select_for_update(no_key=True, skip_locked=True).first()
    if post is None:
        return False
    shown = render(post)
    post.save(update_fields=RENDERED)
    post.images.set(shown)
    return True


def expire_posts_with(image_pk: int) -> int:
    """Have the posts that show the picture rendered again, at the next `rerender`."""
    return Post.objects.filter(images=image_pk).update(renderer_version=0)


def render(post: Post) -> list[Image]:
    """Set what is stored beside the body, from the body; the pictures it shows."""
    images = hold_images(post.body)
    rendered = markup.render(
        post.body,
        markup.Profile.POST,
        images=lookup_in(images),
        language=post.language,
    )
    post.body_html = rendered.html
    post.excerpt = markup.excerpt(rendered.html, EXCERPT_LENGTH)
    post.toc = [
        {"level": entry.level, "id": entry.id, "text": entry.text}
        for entry in rendered.toc
    ]
    post.word_count = rendered.word_count
    post.renderer_version = markup.RENDERER_VERSION
    return images


def claim_slug(post: Post, wish: str | None) -> str:
    """The slug the post shall have, noted as its own among all slugs."""
    lock("slugs of posts")

    def is_taken(slug: str) -> bool:
        return PostSlug.objects.filter(slug=slug).exclude(post_id=post.pk).exists()

    if wish:
        slug = slugify(wish)
        if not slug or is_taken(slug):
            raise SlugTaken("Another article has, or had, this address.")
    else:
        slug = post.slug or free_slug(
            slugify(post.title) or f"post-{post.pk}", is_taken
        )
    PostSlug.objects.get_or_create(slug=slug, defaults={"post_id": post.pk})
    return slug


def lock(name: str) -> None:
    """Let one transaction at a time go past here, until it ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])


def set_authors(post: Post, authors: Sequence[User]) -> None:
    post.bylines.exclude(user__in=authors).delete()
    for position, user in enumerate(authors):
        PostAuthor.objects.update_or_create(
            post=post, user=user, defaults={"position": position}
        )


def publish_post(post: Post, *, at: datetime | None = None) -> Post:
    """Make it public now, or at the given time; what is public keeps its date."""
    if at is None and post.is_published:
        return post
    post.published_at = at or timezone.now()
    post.save(update_fields=["published_at"])
    return post


def unpublish_post(post: Post) -> Post:
    """Back to draft."""
    post.published_at = None
    post.save(update_fields=["published_at"])
    return post


def delete_post(post: Post) -> Post:
    """Hide it from everybody; it can be restored for 30 days."""
    if post.deleted_at is None:
        post.deleted_at = timezone.now()
        post.save(update_fields=["deleted_at"])
    return post


def restore_post(post: Post) -> Post:
    post.deleted_at = None
    post.save(update_fields=["deleted_at"])
    return post


def create_preview_link(post: Post, *, user: User | None) -> PreviewLink:
    """A secret address of the post as it is, for seven days."""
    return PreviewLink.objects.create(
        token=secrets.token_urlsafe(32),
        post=post,
        created_by=user,
        expires_at=timezone.now() + PREVIEW_LINK_AGE,
    )


def revoke_preview_links(post: Post) -> int:
    return post.preview_links.all().delete()[0]


@transaction.atomic
def tags_from_names(names: Iterable[str]) -> list[Tag]:
    """The tags with these names, in order and once each; new ones are made.

    Names that give one slug, now or in the past, are the same tag. Raises `BadTag`.
    """
    found: dict[int, Tag] = {}
    for name in names:
        if name := " ".join(name.split()):
            tag = tag_from_name(name)
            found[tag.pk] = tag
    return list(found.values())


def tag_from_name(name: str) -> Tag:
    slug = slugify(name)
    if not slug or len(name) > TAG_NAME_MAX_LENGTH:
        raise BadTag(f"“{name[:60]}” cannot be a tag.")
    known = TagSlug.objects.select_related("tag").filter(slug=slug).first()
    if known is None:
        lock("slugs of tags")
        known = TagSlug.objects.select_related("tag").filter(slug=slug).first()
    if known is None:
        known = TagSlug.objects.create(
            slug=slug, tag=Tag.objects.create(name=name, slug=slug)
        )
    return known.tag


@transaction.atomic
def save_tag(tag: Tag, *, slug: str = "") -> Tag:
    """Save a tag; under a new slug the old address redirects. Raises `SlugTaken`."""
    lock("slugs of tags")
    wanted = slugify(slug or tag.name)
    taken = TagSlug.objects.filter(slug=wanted).exclude(tag_id=tag.pk)
    if not wanted or taken.exists():
        raise SlugTaken("Another tag has, or had, this address.")
    tag.slug = wanted
    tag.save()
    TagSlug.objects.get_or_create(slug=wanted, defaults={"tag": tag})
    return tag
