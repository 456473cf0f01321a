"""The pages in memory, the ones used longest ago thrown out first."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from typing import TYPE_CHECKING

from core.pagecache.files import FileKey, StoredFile
from core.pagecache.pages import Key, Page

if TYPE_CHECKING:
    from collections.abc import Iterable

    type Entry = Page | StoredFile

LARGEST_SHARE = 8
"""A page larger than an eighth of the room is not kept: it would push out too many."""


class Store:
    """At most `room` bytes of pages, found by key and by the tags that outdate them."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.used = 0
        self._pages: OrderedDict[Key | FileKey, Entry] = OrderedDict()
        self._sizes: dict[Key | FileKey, int] = {}
        self._tagged: defaultdict[str, set[Key | FileKey]] = defaultdict(set)

    def __len__(self) -> int:
        return len(self._pages)

    def page(self, key: Key) -> Page | None:
        found = self._pages.get(key)
        if not isinstance(found, Page):
            return None
        self._pages.move_to_end(key)
        return found

    def file(self, key: FileKey) -> StoredFile | None:
        found = self._pages.get(key)
        if not isinstance(found, StoredFile):
            return None
        self._pages.move_to_end(key)
        return found

    def put(self, page: Entry) -> None:
        self.drop(page.key)
        size = page.size
        if size > self.room // LARGEST_SHARE:
            return
        self._pages[page.key] = page
        for tag in page.tags:
            self._tagged[tag].add(page.key)
        self._measure(page.key, size)

    def grown(self, page: Entry) -> None:
        """Measure a page again that got another representation."""
        if self._pages.get(page.key) is page:
            self._measure(page.key, page.size)

    def drop(self, key: Key | FileKey) -> None:
        page = self._pages.pop(key, None)
        if page is None:
            return
        self.used -= self._sizes.pop(key)
        for tag in page.tags:
            keys = self._tagged[tag]
            keys.discard(key)
            if not keys:
                del self._tagged[tag]

    def outdate(self, tags: Iterable[str]) -> None:
        """Mark every page that carries one of the tags; it is shown only for want."""
        for tag in tags:
            for key in self._tagged.get(tag, ()):
                self._pages[key].is_outdated = True

    def _measure(self, key: Key | FileKey, size: int) -> None:
        self.used += size - self._sizes.get(key, 0)
        self._sizes[key] = size
        while self.used > self.room:
            self.drop(next(iter(self._pages)))
