from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import StringConverter
from django.urls.resolvers import RoutePattern

from tests.conftest import Member
from tests.factories import make_post

pytestmark = pytest.mark.django_db


def walk(
    found: list[URLPattern | URLResolver], before: tuple[RoutePattern, ...] = ()
) -> Iterator[tuple[RoutePattern, ...]]:
    for entry in found:
        if not isinstance(entry.pattern, RoutePattern):
            continue
        parts = (*before, entry.pattern)
        if isinstance(entry, URLResolver):
            yield from walk(entry.url_patterns, parts)
        else:
            yield parts


def addresses() -> Iterator[str]:
    """Every address with text in it, with a NUL in place of one of its texts."""
    for parts in walk(get_resolver().url_patterns):
        route = "/" + "".join(map(str, parts))
        converters = {n: c for part in parts for n, c in part.converters.items()}
        texts = [n for n, c in converters.items() if type(c).regex in {"[^/]+", ".+"}]
        for text in texts:
            address = route
            for name, converter in converters.items():
                is_text = isinstance(converter, StringConverter)
                value = "x%00" if name == text else "a" * 10 if is_text else "1"
                for spelled in (f"<{name}>", f"<str:{name}>", f"<path:{name}>"):
                    address = address.replace(spelled, value)
                for kind in ("int", "public_id", "slug"):
                    address = address.replace(f"<{kind}:{name}>", value)
            yield address


ADDRESSES = [*addresses(), "/accounts/password/reset/key/1-%00/", "/admin/x%00/"]


def test_every_text_is_walked() -> None:
    assert len(ADDRESSES) > 30
    assert {"/posts/x%00/", "/preview/x%00/", "/accounts/owner/x%00/"} <= {*ADDRESSES}
    assert not [address for address in ADDRESSES if "<" in address]


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_address_has_a_nul(owner_client: Member, address: str) -> None:
    answers = [
        Client().get(address),
        owner_client.get(address),
        owner_client.post(address, {"body": "x"}),
    ]

    assert [answer.status_code for answer in answers] == [404] * 3


@pytest.mark.parametrize(
    "path",
    [
        "/?page=%00",
        "/@owner/?page=%00",
        "/posts/here/comments/?thread=%00",
        "/posts/here/comments/?sort=%00",
        "/posts/here/comments/new/?parent=%00",
        "/sitemap.xml?page=%00",
        "/admin/blog/post/?author=%00",
        "/admin/blog/post/?tags__id__exact=%00",
        "/admin/comments/comment/?state__exact=%00",
        "/admin/comments/report/?reason__exact=%00",
        "/admin/accounts/user/?groups__id__exact=%00",
    ],
)
def test_no_question_with_a_nul_fails(owner_client: Member, path: str) -> None:
    make_post(slug="here")

    assert owner_client.get(path).status_code in {200, 302, 404}


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/posts/here/reactions/", {"kind": "\0", "state": "on"}),
        ("/posts/here/report/", {"reason": "\0", "note": "\0"}),
        ("/posts/here/comments/new/", {"body": "x", "key": "\0"}),
        ("/accounts/", {"handle": "\0", "display_name": "\0", "bio": "\0"}),
        ("/admin/blog/post/add/", {"title": "x", "tags": "a\0", "authors": "@a\0"}),
        ("/admin/blog/post/add/", {"title": "x", "cover_digest": "\0"}),
        ("/admin/blog/tag/add/", {"name": "\0", "slug": "\0"}),
    ],
)
def test_no_form_with_a_nul_fails(
    owner_client: Member, path: str, data: dict[str, str]
) -> None:
    make_post(slug="here")

    # Django's own pages of the desk show a refused form with 200.
    assert owner_client.post(path, data).status_code in {200, 404, 422}


def test_what_the_driver_refuses_gives_the_text_back(owner_client: Member) -> None:
    make_post()

    response = owner_client.post("/admin/blog/post/?author=%00", {"body": "Precious"})

    assert response.status_code == 422
    assert "Precious" in response.text
