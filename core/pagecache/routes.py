"""Where a request leads, found from its address and its host alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote_to_bytes

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.urls import Resolver404, resolve
from django.utils.encoding import repercent_broken_unicode

from core.pagecache.pages import Key
from core.pagecache.public import page_of_view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.pagecache.files import Folder
    from core.pagecache.public import PublicPage

LIVE = "/health/live"
AFTER = "after"


class Route:
    """Nothing of ours: the request goes to Django."""


class BadHost(Route):
    pass


class Live(Route):
    pass


@dataclass(frozen=True)
class FileRoute(Route):
    folder: Folder
    name: str


@dataclass(frozen=True)
class PageRoute(Route):
    key: Key
    page: PublicPage
    mark: str = ""


DJANGO = Route()
BAD_HOST = BadHost()
HEALTH = Live()


class Routes:
    """Finds routes, and remembers those of addresses that come again."""

    MOST = 4096
    LONGEST = 300

    def __init__(self, folders: Sequence[Folder]) -> None:
        self._folders = folders
        self._known: dict[tuple[str, bytes, bytes, bytes], Route] = {}

    def find(self, scheme: str, host: bytes, path: bytes, query: bytes) -> Route:
        asked = (scheme, host, path, query)
        known = self._known.get(asked)
        if known is not None:
            return known
        route = self._look_up(scheme, host, path, query)
        is_lasting = not (isinstance(route, PageRoute) and route.mark)
        if is_lasting and len(host) + len(path) + len(query) < self.LONGEST:
            if len(self._known) >= self.MOST:
                self._known.clear()
            self._known[asked] = route
        return route

    def _look_up(
        self, scheme: str, raw_host: bytes, raw_path: bytes, query: bytes
    ) -> Route:
        host = allowed_host(raw_host.decode("latin-1"))
        if host is None:
            return BAD_HOST
        path = repercent_broken_unicode(unquote_to_bytes(raw_path)).decode()
        if path == LIVE:
            return HEALTH
        for folder in self._folders:
            name = folder.name_of(path)
            if name is not None:
                return FileRoute(folder, name)
        return self._page(scheme, host, path, query.decode("latin-1"))

    def _page(self, scheme: str, host: str, path: str, query: str) -> Route:
        try:
            page = page_of_view(resolve(path).func)
        except Resolver404:
            return DJANGO
        if page is None:
            return DJANGO
        key = Key(scheme, host, path, page.normalized(query))
        return PageRoute(key, page, mark_of(query))


def allowed_host(header: str) -> str | None:
    """The host without its port, in lower case; `None` for one that is not ours."""
    host, _ = split_domain_port(header)
    allowed = settings.ALLOWED_HOSTS
    return host if host and validate_host(host, allowed) else None


def mark_of(query: str) -> str:
    if AFTER not in query:
        return ""
    try:
        return parse_qs(query, max_num_fields=50).get(AFTER, [""])[-1]
    except ValueError:
        return ""
