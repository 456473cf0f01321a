"""Promise 2: a public page is the same for everybody, headers included."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory

from accounts.visitors import COOKIE
from blog.services import save_post
from comments.models import Comment
from comments.services import edit_comment
from core.models import SiteSettings
from core.pagecache import PrivateDataTouched, public_page
from tests.conftest import signed_in
from tests.factories import make_author, make_comment, make_owner, make_post, make_user

pytestmark = pytest.mark.django_db

PATHS = [
    "/",
    "/posts/shared/",
    "/posts/shared/comments/",
    "/comments/aaaaaaaaaa/history/",
    "/tags/",
    "/tags/tag/",
    "/@writer/",
    "/how-to-write/",
    "/feeds/rss.xml",
    "/feeds/atom.xml",
    "/sitemap.xml",
    "/robots.txt",
    "/posts/missing/",
]


def answer(client: Client, path: str) -> tuple[int, bytes, dict[str, str]]:
    response = client.get(path)
    headers = {k: v for k, v in response.headers.items() if k != "Date"}
    cookies = {f"Set-Cookie {name}": str(v) for name, v in response.cookies.items()}
    return response.status_code, response.content, headers | cookies


@pytest.mark.parametrize("path", PATHS)
def test_everybody_gets_the_same_bytes(path: str) -> None:
    author = make_author(handle="writer")
    post = make_post(author=author, slug="shared", tags=["tag"])
    comment = make_comment(post)
    Comment.objects.update(public_id="aaaaaaaaaa")
    SiteSettings.objects.create(pk=1, edit_minutes=0)
    edit_comment(comment, body="Other words")
    tampered = Client()
    tampered.cookies[settings.SESSION_COOKIE_NAME] = "tampered"
    tampered.cookies["byline_known"] = "1"
    malformed = Client()
    malformed.cookies[settings.CSRF_COOKIE_NAME] = "x"
    visitor = Client()
    visitor.get("/posts/shared/comments/new/")
    assert COOKIE in visitor.cookies
    askers = [
        visitor,
        signed_in(make_user()),
        signed_in(author),
        signed_in(make_owner()),
        tampered,
        malformed,
    ]

    stranger = answer(Client(), path)

    assert [answer(asker, path) for asker in askers] == [stranger] * len(askers)
    assert not [name for name in stranger[2] if name.startswith("Set-Cookie")]
    assert "Cookie" not in stranger[2].get("Vary", "")


def touch_session(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.session["user"]))


def touch_token(request: HttpRequest) -> HttpResponse:
    return HttpResponse(get_token(request))


def set_cookie(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("x")
    response.set_cookie("a", "b")
    return response


@pytest.mark.parametrize(
    ("view", "error"),
    [
        (touch_session, AttributeError),
        (touch_token, PrivateDataTouched),
        (set_cookie, PrivateDataTouched),
    ],
)
def test_public_view_cannot_touch_what_is_private(
    view: object, error: type[Exception]
) -> None:
    request = RequestFactory().get("/", headers={"Cookie": "a=b"})
    request.session = {"user": 1}  # type: ignore[assignment]

    with pytest.raises(error):
        public_page()(view)(request)  # type: ignore[arg-type]


def test_public_view_sees_declared_parameters_alone() -> None:
    @public_page(page="1")
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(request.GET.urlencode())

    response = view(RequestFactory().get("/?page=2&evil=1"))

    assert response.content == b"page=2"  # type: ignore[attr-defined]


def test_head_tells_the_length_and_sends_nothing() -> None:
    view = public_page()(lambda request: HttpResponse("word " * 500))
    whole = view(RequestFactory().get("/"))

    response = view(RequestFactory().head("/"))

    assert response.headers == whole.headers
    assert response.content == b""  # type: ignore[attr-defined]


def test_redirect_is_asked_for_again(client: Client) -> None:
    post = make_post(title="x", slug="a")
    for slug in ("b", "a"):
        save_post(post, editor=None, slug=slug)

    response = client.get("/posts/b/")

    assert (response.status_code, response["Location"]) == (301, "/posts/a/")
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_other_case_is_asked_for_again(client: Client) -> None:
    response = client.get("/Tags/")

    assert (response.status_code, response["Location"]) == (301, "/tags/")
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"


@pytest.mark.parametrize(("path", "has_hints"), [("/", True), ("/robots.txt", False)])
def test_pages_and_nothing_else_have_hints(path: str, has_hints: bool) -> None:
    headers = Client().get(path).headers

    assert [name in headers for name in ("Link", "Speculation-Rules")] == [
        has_hints
    ] * 2
