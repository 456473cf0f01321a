from __future__ import annotations

from core.pagecache.pages import Answer, Key, Page
from core.pagecache.store import Store

ROOM = 400_000


def make_page(path: str, size: int = 10_000, *tags: str) -> Page:
    page = Page.of(Key("http", "localhost", path, ""), Answer(200, [], b""), tags)
    page.represent("identity", b"x" * size)
    return page


def test_room_is_never_exceeded() -> None:
    store = Store(ROOM)

    for n in range(200):
        store.put(make_page(f"/{n}"))
        assert store.used <= ROOM

    assert 20 < len(store) < 40
    assert store.page(Key("http", "localhost", "/0", "")) is None


def test_what_was_used_lately_stays() -> None:
    store = Store(ROOM)
    first = make_page("/first")
    store.put(first)

    for n in range(200):
        store.put(make_page(f"/{n}"))
        store.page(first.key)

    assert store.page(first.key) is first


def test_more_codings_are_counted() -> None:
    store = Store(ROOM)
    page = make_page("/")
    store.put(page)
    before = store.used

    page.represent("br")
    store.grown(page)

    assert store.used > before
    assert store.used == page.size


def test_too_large_page_is_not_kept() -> None:
    store = Store(ROOM)
    store.put(make_page("/other"))

    store.put(make_page("/", ROOM // 4))

    assert len(store) == 1


def test_replaced_page_leaves_nothing_behind() -> None:
    store = Store(ROOM)
    store.put(make_page("/", 10_000, "post:1"))

    new = make_page("/", 20_000, "post:2")
    store.put(new)
    store.outdate({"post:1"})

    assert store.used == new.size
    assert not new.is_outdated


def test_tags_outdate_pages() -> None:
    store = Store(ROOM)
    one, two = make_page("/1", 10, "site", "post:1"), make_page("/2", 10, "site")
    store.put(one)
    store.put(two)

    store.outdate({"post:1", "post:3"})
    assert (one.is_outdated, two.is_outdated) == (True, False)

    store.outdate({"site"})
    assert two.is_outdated
