from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from blog import article, guide
from blog.models import Post, PostSlug, PreviewLink, Tag, TagSlug
from blog.people import shown_handles
from core.pagecache import public_page
from core.pagination import NoSuchPage, Page, paginate

if TYPE_CHECKING:
    from blog.querysets import PostQuerySet

POSTS_PER_PAGE = 20


@public_page("list", page="1")
def home(request: HttpRequest) -> HttpResponse:
    page = page_of(request, Post.objects.listed().featured_first())
    return render(request, "blog/home.html", {"page": page})


def page_of(request: HttpRequest, posts: PostQuerySet) -> Page[Post]:
    try:
        return paginate(posts.for_list(), request.GET.get("page", ""), POSTS_PER_PAGE)
    except NoSuchPage as error:
        raise Http404 from error


@public_page("list")
def post_detail(request: HttpRequest, slug: str) -> HttpResponse:
    post = article.published.first(slug=slug)
    if post is None:
        return moved_or_gone(slug)
    return render(request, "blog/post_detail.html", post_context(post))


def post_context(post: Post) -> dict[str, object]:
    url = settings.ORIGIN + post.get_absolute_url()
    return {
        "post": post,
        "authors": article.authors_of_post.all(pk=post.pk),
        "tags": article.tags_of_post.all(pk=post.pk),
        "canonical_url": post.canonical_url or url,
    }


def moved_or_gone(slug: str) -> HttpResponse:
    """Where the post of an old slug is now; 410 where there was one, else 404."""
    known = PostSlug.objects.select_related("post").filter(slug=slug.lower()).first()
    if known is None or known.post.published_at is None:
        raise Http404
    if known.post.is_published:
        return HttpResponsePermanentRedirect(known.post.get_absolute_url())
    if known.post.deleted_at:
        return HttpResponse(render_to_string("410.html"), status=410)
    raise Http404


@never_cache
@require_safe
def post_preview(request: HttpRequest, token: str) -> HttpResponse:
    link = get_object_or_404(PreviewLink.objects.valid(), token=token)
    post = get_object_or_404(Post.objects.existing().for_page(), pk=link.post_id)
    if post.is_published:
        return redirect(post)
    context = post_context(post) | {"is_preview": True, "link": link}
    response = render(request, "blog/post_detail.html", context)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@public_page("list")
def tag_list(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "blog/tag_list.html",
        {"tags": Tag.objects.with_post_count().order_by("name")},
    )


@public_page("list", page="1")
def tag_detail(request: HttpRequest, slug: str) -> HttpResponse:
    known = get_object_or_404(TagSlug.objects.select_related("tag"), slug=slug.lower())
    if slug != known.tag.slug:
        return HttpResponsePermanentRedirect(known.tag.get_absolute_url())
    page = page_of(request, Post.objects.listed().tagged(known.tag).newest_first())
    if not page.items:
        raise Http404
    return render(request, "blog/tag_detail.html", {"tag": known.tag, "page": page})


@public_page("list", page="1")
def author_detail(request: HttpRequest, handle: str) -> HttpResponse:
    known = get_object_or_404(shown_handles(), handle=handle.lower())
    author: User = known.user  # type: ignore[assignment]  # else it is not shown
    if handle != author.handle:
        return HttpResponsePermanentRedirect(author.get_absolute_url())
    posts = Post.objects.listed().written_by(author)
    page = page_of(request, posts.newest_first())
    return render(request, "blog/author_detail.html", {"author": author, "page": page})


@public_page()
def how_to_write(request: HttpRequest) -> HttpResponse:
    return render(request, "blog/how_to_write.html", {"chapters": guide.chapters()})


@public_page()
def robots(request: HttpRequest) -> HttpResponse:
    context = {"sitemap_url": settings.ORIGIN + reverse("blog:sitemap")}
    text = render_to_string("blog/robots.txt", context)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
