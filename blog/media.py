"""`/media/`: pictures, whose names are made from their content and never change."""

from __future__ import annotations

import re

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from blog.pictures import VARIANT_WIDTHS

WIDTHS = "|".join(str(width) for width in VARIANT_WIDTHS)
NAME = re.compile(
    rf"[0-9a-f]{{32}}(?:\.(?:png|jpg|webp)|-(?:{WIDTHS})\.webp|-[0-9]{{3,4}}\.avif)"
)
TYPES = {
    "avif": "image/avif",
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
}
HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
}


@require_safe
def media_file(request: HttpRequest, name: str) -> HttpResponseBase:
    if not NAME.fullmatch(name):
        raise Http404
    try:
        file = default_storage.open(name)
    except FileNotFoundError as error:
        raise Http404 from error
    # Else a malformed token cookie is answered with a new one, for every cache to keep.
    request.META.pop("CSRF_COOKIE_NEEDS_UPDATE", None)
    etag = quote_etag(name)
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response:
        file.close()
    else:
        response = FileResponse(file, content_type=TYPES[name.rpartition(".")[2]])
    for header, value in HEADERS.items():
        response.headers[header] = value
    response.headers["ETag"] = etag
    return response
