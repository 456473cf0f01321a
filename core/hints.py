"""What headers of a public page let a browser, or a cache before us, begin early."""

from __future__ import annotations

from django.templatetags.static import static


def hints() -> dict[str, str]:
    """The same for every page, so the same for every reader.

    A CDN makes early hints (103) of `Link`. `base.html` names the same files in the
    same way: a preload that differed in `crossorigin` would be a second download.
    """
    style, font = static("css/main.css"), static("fonts/literata.woff2")
    return {
        "Link": f"<{style}>; rel=preload; as=style, "
        f'<{font}>; rel=preload; as=font; type="font/woff2"; crossorigin',
        "Speculation-Rules": f'"{static("links.speculationrules")}"',
    }
