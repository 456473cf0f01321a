"""The desk where posts are written: the form, and what was saved before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timeuntil

from blog import services
from blog.desk.parts import PartRefused
from blog.forms import PostForm
from blog.models import Post, Revision
from blog.querysets import RESTORABLE_FOR
from core.differences import differences
from core.http import typed_text
from core.markup import MarkupRefused
from core.pagecache.changes import after_now

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.contrib.admin import ModelAdmin
    from django.http import HttpRequest, HttpResponse

    from accounts.models import User

    Desk = ModelAdmin[Post]

PLACES: dict[type[Exception], str] = {
    services.SlugTaken: "slug",
    services.BadTag: "tags",
    MarkupRefused: "body",
}
REFUSALS: tuple[type[Exception], ...] = (PartRefused, *PLACES)
WORDS = (("title", "Title"), ("summary", "Summary"), ("body", "Text"))


def post_form(request: HttpRequest, desk: Desk, pk: str | None) -> HttpResponse:
    """Write a new post, or change one. 409 where somebody saved newer words."""
    post = new_post(request, desk) if pk is None else own_post(request, desk, pk)
    if post.deleted_at:
        return post_deleted(request, desk, post)
    user = editor(request)
    if request.method != "POST":
        return form_page(request, desk, pk, PostForm(instance=post, editor=user))
    form = PostForm(request.POST, request.FILES, instance=post, editor=user)
    if pk and "_revoke" in request.POST:
        services.revoke_preview_links(post)
        messages.success(request, "The preview links lead nowhere now.")
        return form_page(request, desk, pk, form)
    if not form.is_valid():
        return form_page(request, desk, pk, form)
    try:
        saved = save(form)
    except services.EditConflict as conflict:
        return form_page(request, desk, pk, form, theirs=conflict.current)
    except services.PostDeleted:
        post.refresh_from_db()
        return post_deleted(request, desk, post)
    except REFUSALS as refusal:
        say_at_its_place(form, refusal)
        return form_page(request, desk, pk, form)
    log(request, desk, saved, is_new=pk is None)
    messages.success(request, outcome(saved))
    return redirect("admin:blog_post_change", saved.pk)


def say_at_its_place(form: PostForm, refusal: Exception) -> None:
    """A part has done so already."""
    if type(refusal) in PLACES:
        form.add_error(PLACES[type(refusal)], str(refusal))


def new_post(request: HttpRequest, desk: Desk) -> Post:
    if not desk.has_add_permission(request):
        raise PermissionDenied
    return Post()


def editor(request: HttpRequest) -> User:
    user: User = request.user  # type: ignore[assignment]
    return user


def own_post(request: HttpRequest, desk: Desk, pk: str) -> Post:
    """The post, if the asker may change it: else it does not exist."""
    post = desk.get_object(request, pk)
    if post is None:
        raise Http404
    if not desk.has_change_permission(request, post):
        raise PermissionDenied
    return post


@transaction.atomic
def save(form: PostForm) -> Post:
    post, data = form.instance, form.cleaned_data
    if post.pk:
        keep_state(post, form.changed_data)
    post.cover = form.cover_image
    if "featured" in data and data["featured"] != bool(post.featured_at):
        post.featured_at = timezone.now() if data["featured"] else None
    services.save_post(
        post,
        editor=form.editor,
        base_version=base_version(form),
        slug=data["slug"],
        tags=services.tags_from_names(data["tags"]),
        authors=data.get("authors"),
    )
    for part in form.parts:
        part.save(post)
    if "_publish" in form.data:
        services.publish_post(post)
    elif "_schedule" in form.data:
        services.publish_post(post, at=data["published_at"])
    elif "_unpublish" in form.data:
        services.unpublish_post(post)
    elif "_preview_link" in form.data:
        services.create_preview_link(post, user=form.editor)
    return post


def keep_state(post: Post, chosen: Collection[str]) -> None:
    """What others did to the post since it was read stays done.

    Who may comment is the editor's to say, where that is among what they have `chosen`.
    """
    now = Post.objects.select_for_update(no_key=True).get(pk=post.pk)
    post.published_at, post.deleted_at = now.published_at, now.deleted_at
    post.featured_at = now.featured_at
    if "comment_policy" not in chosen:
        post.comment_policy = now.comment_policy


def base_version(form: PostForm) -> int | None:
    """What the editor began from, or the newer version they chose to overwrite."""
    began_from: int | None = form.cleaned_data["base_version"]
    return version_in(form.data.get("_overwrite"), began_from)


def version_in(sent: object, otherwise: int | None) -> int | None:
    if isinstance(sent, str) and sent.isascii() and sent.isdecimal():
        return int(sent[:9])
    return otherwise


def log(request: HttpRequest, desk: Desk, post: Post, *, is_new: bool) -> None:
    if is_new:
        desk.log_addition(request, post, [{"added": {}}])
    else:
        desk.log_change(request, post, f"Saved version {post.version}.")


def outcome(post: Post) -> str:
    if post.state == Post.State.SCHEDULED:
        return f"Saved. It will be public on {post.published_at:%Y-%m-%d, %H:%M} UTC."
    return "Saved and public." if post.is_published else "Saved as a draft."


def stored(pk: str, form: PostForm) -> Post | None:
    """The post as it is, whatever was typed: that is in the instance of a sent form."""
    return Post.objects.filter(pk=pk).first() if form.is_bound else form.instance


def form_page(
    request: HttpRequest,
    desk: Desk,
    pk: str | None,
    form: PostForm,
    theirs: Post | None = None,
) -> TemplateResponse:
    post = stored(pk, form) if pk else None
    context: dict[str, Any] = {
        "title": "Write" if post is None else "Edit",
        "form": form,
        "wrong_fields": form.wrong_fields,
        "post": post,
        "is_nav_sidebar_enabled": False,
        "can_delete": desk.has_delete_permission(request, post),
    }
    if post:
        context |= {
            "links": post.preview_links.valid(),
            "origin": settings.ORIGIN,
            "revision_count": post.revisions.count(),
        }
    if post and post.is_published:
        # Who has just saved is to see that, whatever page was kept until now.
        context["public_url"] = after_now(post.get_absolute_url())
    if theirs:
        context |= {
            "theirs": theirs,
            "their_revision": theirs.revisions.select_related("editor").first(),
            "changes": changes(theirs, form.instance),
        }
    is_wrong = form.errors or form.wrong_fields
    status = 409 if theirs else 422 if is_wrong else 200
    return page(request, desk, "change_form", context, status=status)


def page(
    request: HttpRequest,
    desk: Desk,
    name: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> TemplateResponse:
    common = desk.admin_site.each_context(request) | {"opts": desk.opts}
    response = TemplateResponse(
        request, f"admin/blog/post/{name}.html", common | context, status=status
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def changes(old: Post | Revision, new: Post | Revision) -> list[dict[str, Any]]:
    """What differs in each kind of words, leaving out those that are the same."""
    found = [
        {"label": label, "lines": differences(getattr(old, name), getattr(new, name))}
        for name, label in WORDS
    ]
    return [change for change in found if change["lines"]]


def post_deleted(request: HttpRequest, desk: Desk, post: Post) -> HttpResponse:
    if request.method == "POST" and "_restore" in request.POST:
        if Post.objects.restorable().filter(pk=post.pk).exists():
            services.restore_post(post)
            desk.log_change(request, post, "Restored.")
            messages.success(request, "It is back, as it was.")
        return redirect("admin:blog_post_change", post.pk)
    rest = post.deleted_at + RESTORABLE_FOR if post.deleted_at else timezone.now()
    context = {
        "title": "Deleted article",
        "post": post,
        "rest": timeuntil(rest) if rest > timezone.now() else "",
        "typed": typed_text(request),
    }
    status = 409 if request.method == "POST" else 200
    return page(request, desk, "deleted", context, status=status)


def revision_list(request: HttpRequest, desk: Desk, pk: str) -> HttpResponse:
    post = own_post(request, desk, pk)
    context = {
        "title": "History",
        "post": post,
        "revisions": post.revisions.select_related("editor").defer("body", "summary"),
    }
    return page(request, desk, "revision_list", context)


def revision_detail(
    request: HttpRequest, desk: Desk, pk: str, version: int
) -> HttpResponse:
    """What one save changed; POST saves the post with these words again."""
    post = own_post(request, desk, pk)
    if post.deleted_at:
        raise Http404
    revision = get_object_or_404(
        post.revisions.select_related("editor"), version=version
    )
    if request.method == "POST":
        return restore(request, desk, post, revision)
    before = post.revisions.filter(version__lt=version).first()
    context = {
        "title": f"Version {version}",
        "post": post,
        "revision": revision,
        "changes": changes(before or Revision(), revision),
        "changes_to_now": changes(post, revision),
    }
    return page(request, desk, "revision_detail", context)


def restore(
    request: HttpRequest, desk: Desk, post: Post, revision: Revision
) -> HttpResponse:
    """Where somebody saved newer words meanwhile, show what it would change then."""
    compared = version_in(request.POST.get("base_version"), post.version)
    try:
        services.restore_words(revision, editor=editor(request), base_version=compared)
    except services.EditConflict as conflict:
        messages.error(request, f"{conflict} Look at what restoring would change now.")
        return redirect(request.path)
    except (services.PostDeleted, MarkupRefused) as refusal:
        messages.error(request, str(refusal))
    else:
        desk.log_change(request, post, f"Restored version {revision.version}.")
        messages.success(request, f"The words of version {revision.version} are back.")
    return redirect(reverse("admin:blog_post_change", args=[post.pk]))
