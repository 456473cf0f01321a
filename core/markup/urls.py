"""Which addresses may appear in user content."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlsplit

SCHEMES = {"http", "https", "mailto"}
IGNORED_BY_BROWSERS = re.compile(
    "[\\x00-\\x20\\x7f-\\xa0\\u200b-\\u200f\\u2028-\\u202e\ufeff]"
)
SCHEME = re.compile(r"([^/?#:]*):")
OWN_FILE = re.compile(r"/(?:media|static)/[\w./%~+-]+(?:\?[\w.=&-]*)?")


def is_safe_url(url: str) -> bool:
    """Whether a browser reads the address as http, https, mailto or relative.

    `//host` is refused: what looks like a path would lead to another site. The engine
    turns it into `https://host` where it was written in Markdown.
    """
    bare = IGNORED_BY_BROWSERS.sub("", unescape(unescape(url))).replace("\\", "/")
    if bare.startswith("//"):
        return False
    scheme = SCHEME.match(bare)
    if scheme is None:
        return True
    name = scheme[1].lower()
    return name in SCHEMES and (name == "mailto" or has_host(bare))


def has_host(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def is_own_file(url: str) -> bool:
    """Whether the address is a file that this site serves itself."""
    return OWN_FILE.fullmatch(url) is not None and ".." not in url
