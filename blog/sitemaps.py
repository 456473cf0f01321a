"""The sitemap: one file, or an index of pages when there are more posts than fit."""

from __future__ import annotations

from math import ceil

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from blog.models import Post, Tag
from core.pagecache import public_page
from core.pagination import NoSuchPage, parse

URLS_PER_FILE = 25_000


@public_page("list", page="")
def sitemap(request: HttpRequest) -> HttpResponse:
    number = request.GET.get("page", "")
    files = ceil(Post.objects.listed().count() / URLS_PER_FILE)
    if not number and files > 1:
        return sitemap_index(request, files)
    try:
        page = parse(number)
    except NoSuchPage as error:
        raise Http404 from error
    if page > max(files, 1):
        raise Http404
    return respond(request, "blog/sitemap.xml", {"urls": urls_of(page)})


def sitemap_index(request: HttpRequest, files: int) -> HttpResponse:
    address = settings.ORIGIN + reverse("blog:sitemap")
    urls = [f"{address}?page={number}" for number in range(1, files + 1)]
    return respond(request, "blog/sitemap_index.xml", {"urls": urls})


def urls_of(page: int) -> list[dict[str, object]]:
    start = (page - 1) * URLS_PER_FILE
    posts = Post.objects.listed().newest_first().only("slug", "updated_at")
    urls: list[dict[str, object]] = [
        {"path": post.get_absolute_url(), "updated_at": post.updated_at}
        for post in posts[start : start + URLS_PER_FILE]
    ]
    if page == 1:
        names = ("blog:home", "blog:tag_list", "blog:how_to_write")
        lists = [reverse(name) for name in names]
        lists += [tag.get_absolute_url() for tag in Tag.objects.with_post_count()]
        urls[:0] = [{"path": path} for path in lists]
    return urls


def respond(
    request: HttpRequest, template: str, context: dict[str, object]
) -> HttpResponse:
    return render(request, template, context, content_type="application/xml")
