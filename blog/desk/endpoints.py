"""What the desk's scripts ask: the rendered text, a place for a picture, known tags.

For whoever may write posts; everybody else is refused as a script understands it.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.csp import CSP
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from blog.desk.parts import parts_for
from blog.desk.views import editor
from blog.images import ImageRefused, ImageTooLarge, resolver_for, store_image
from blog.models import LANGUAGE_MAX_LENGTH, Post, Tag
from blog.pictures import MAX_BYTES
from core import markup
from core.decorators import rate_limit
from core.http import json_errors

if TYPE_CHECKING:
    from django.http import HttpRequest

    from core.decorators import View

ENVELOPE_BYTES = 64 * 1024
TAG_SUGGESTIONS = 8
FRAME_CSP: dict[str, list[str]] = {
    **settings.SECURE_CSP,
    "frame-ancestors": [CSP.SELF],
}


def for_writers(view: View) -> View:
    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = request.user
        if not (user.is_active and user.is_staff and user.has_perm("blog.add_post")):
            sentence = "Sign in as an author, in another tab, and try again."
            return json_errors({"__all__": [sentence]}, status=403)
        return view(request, *args, **kwargs)

    return checked


@xframe_options_sameorigin
@csp_override(FRAME_CSP)
@never_cache
@for_writers
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit("desk-preview", limit=120, seconds=60)
def preview(request: HttpRequest) -> HttpResponse:
    """GET: the frame, with the reader's stylesheet. POST: what to show in it."""
    if request.method != "POST":
        return render(request, "admin/blog/post/preview.html")
    text = request.POST.get("body", request.POST.get("content", ""))
    try:
        rendered = markup.render(
            text,
            markup.Profile.POST,
            images=resolver_for(text),
            language=request.POST.get("language", "en")[:LANGUAGE_MAX_LENGTH],
        )
    except markup.MarkupRefused as refusal:
        return json_errors({"body": [str(refusal)]})
    parts = "".join(part.preview() for part in parts_for(Post(), request.POST))
    return JsonResponse(
        {"html": rendered.html, "word_count": rendered.word_count, "parts": parts}
    )


# The size is looked at before the token, which is only found by reading everything.
@csrf_exempt
@never_cache
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Keep one picture; answers with the Markdown that shows it."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES + ENVELOPE_BYTES:
        return json_errors({"image": ["The picture is larger than 20 MB."]}, status=413)
    return received(request)


@csrf_protect
@for_writers
@rate_limit("desk-upload", limit=60, seconds=600)
def received(request: HttpRequest) -> HttpResponse:
    file = request.FILES.get("image")
    if file is None:
        return json_errors({"image": ["No picture has arrived."]})
    try:
        image = store_image(file, uploaded_by=editor(request), name=file.name or "")
    except ImageRefused as refusal:
        status = 413 if isinstance(refusal, ImageTooLarge) else 422
        return json_errors({"image": [str(refusal)]}, status=status)
    return JsonResponse(
        {
            "url": image.url,
            "markdown": f"![]({image.url})",
            "width": image.width,
            "height": image.height,
        }
    )


@never_cache
@for_writers
@require_safe
def tags(request: HttpRequest) -> HttpResponse:
    """Names of tags in which the typed letters stand, first where they begin one."""
    typed = request.GET.get("q", "").replace("\0", "").strip()[:50]
    found = Tag.objects.filter(name__icontains=typed).values_list("name", flat=True)
    names = sorted(
        found[:100], key=lambda name: not name.lower().startswith(typed.lower())
    )
    return JsonResponse({"tags": names[:TAG_SUGGESTIONS] if typed else []})
