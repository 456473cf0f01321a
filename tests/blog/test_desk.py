from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from blog import services
from blog.models import Image, Post
from core import markup
from tests.conftest import Member
from tests.pictures import drawing, file_of, photo

if TYPE_CHECKING:
    from pathlib import Path

PREVIEW = "/admin/blog/preview/"
UPLOAD = "/admin/blog/upload/"
TAGS = "/admin/blog/tags/"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def picture(data: bytes, name: str = "a.png", kind: str = "image/png") -> Any:
    return {"image": SimpleUploadedFile(name, data, kind)}


@pytest.mark.django_db
class TestDoors:
    @pytest.mark.parametrize("url", [PREVIEW, UPLOAD, TAGS])
    @pytest.mark.parametrize("who", ["client", "member_client", "moderator_client"])
    def test_only_writers_pass(
        self, request: pytest.FixtureRequest, url: str, who: str
    ) -> None:
        client: Client = request.getfixturevalue(who)

        response = client.get(url) if url == TAGS else client.post(url, {"body": "*x*"})

        assert response.status_code == 403
        assert response.json()["errors"]

    @pytest.mark.parametrize("url", [PREVIEW, UPLOAD])
    def test_a_token_is_needed(self, author_client: Member, url: str) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = author_client.cookies

        response = strict.post(url, {"body": "x"}, headers={"Accept": "text/html"})

        assert response.status_code == 403

    def test_wrong_methods_are_refused(self, author_client: Member) -> None:
        assert author_client.get(UPLOAD).status_code == 405
        assert author_client.post(TAGS).status_code == 405
        assert author_client.put(PREVIEW).status_code == 405

    def test_the_librarys_own_doors_are_shut(self, client: Client) -> None:
        for url in ("/markdownx/markdownify/", "/markdownx/upload/"):
            assert client.post(url, {"content": "x"}).status_code == 404


@pytest.mark.django_db
class TestPreview:
    def test_is_the_published_rendering(self, author_client: Member) -> None:
        body = "# Head\n\n```python\nprint(1)\n```"

        answer = author_client.post(PREVIEW, {"body": body}).json()

        post = services.save_post(
            Post(title="x", body=body),
            editor=author_client.user,
        )
        words = {"html": post.body_html, "word_count": post.word_count}
        assert answer == words | {"parts": ""}

    @pytest.mark.parametrize("language", ["de", "fr", "pt-BR", "\0", "x" * 5000])
    def test_is_set_in_the_language_of_the_form(
        self, author_client: Member, language: str
    ) -> None:
        data = {"body": 'He said "well"', "language": language}

        html = author_client.post(PREVIEW, data).json()["html"]

        expected = markup.render(
            data["body"], markup.Profile.POST, language=language[:12]
        )
        assert html == expected.html
        assert ("„" in html) == (language == "de")

    def test_is_as_safe_as_the_page(self, author_client: Member) -> None:
        body = "<script>alert(1)</script><img src=x onerror=alert(1)>"

        html = author_client.post(PREVIEW, {"body": body}).json()["html"]

        assert "<script" not in html
        assert "<img" not in html

    @pytest.mark.parametrize("body", ["x" * 300_001, "> " * 3000 + "deep", "\0"])
    def test_says_what_cannot_be_shown(self, author_client: Member, body: str) -> None:
        response = author_client.post(PREVIEW, {"body": body})

        assert response.status_code == 422
        assert response.json()["errors"]["body"]

    def test_nothing_is_nothing(self, author_client: Member) -> None:
        nothing = {"html": "", "word_count": 0, "parts": ""}
        assert author_client.post(PREVIEW).json() == nothing

    def test_the_frame_may_stand_in_the_desk_only(self, author_client: Member) -> None:
        response = author_client.get(PREVIEW)

        policy = response["Content-Security-Policy"]
        assert response["X-Frame-Options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in policy
        assert "unsafe" not in policy

    def test_is_limited(self, author_client: Member) -> None:
        codes = [author_client.post(PREVIEW).status_code for _ in range(121)]

        assert codes == [200] * 120 + [429]


@pytest.mark.django_db
class TestUpload:
    def test_gives_the_markdown_of_the_picture(self, author_client: Member) -> None:
        data = file_of(photo(600, 300), "JPEG")

        answer = author_client.post(UPLOAD, picture(data)).json()

        image = Image.objects.get()
        assert answer["markdown"] == f"![]({image.url})"
        assert image.uploaded_by == author_client.user
        html = author_client.post(PREVIEW, {"body": answer["markdown"]}).json()["html"]
        assert 'width="600"' in html
        assert f"/media/{image.digest}-480.webp 480w" in html

    @pytest.mark.parametrize(
        ("data", "name", "kind"),
        [
            (b"words", "a.png", "image/png"),
            (b"<svg onload=alert(1)/>", "a.svg", "image/svg+xml"),
            (b"<script>", "evil.html", "image/gif"),
            (file_of(photo(), "JPEG")[:-100], "cut.jpg", "image/jpeg"),
            (file_of(drawing())[:-12], "cut.png", "image/png"),
            (file_of(drawing())[:-1], "cut.png", "image/png"),
        ],
    )
    def test_refuses_what_is_no_picture(
        self,
        author_client: Member,
        media: Path,
        data: bytes,
        name: str,
        kind: str,
    ) -> None:
        response = author_client.post(UPLOAD, picture(data, name, kind))

        assert response.status_code == 422
        assert response.json()["errors"]["image"]
        assert not Image.objects.exists()
        assert not media.exists()

    def test_refuses_a_missing_or_empty_file(self, author_client: Member) -> None:
        assert author_client.post(UPLOAD, {"image": "text"}).status_code == 422
        assert author_client.post(UPLOAD, picture(b"")).status_code == 422

    def test_refuses_what_is_too_large(self, author_client: Member) -> None:
        data = file_of(drawing()) + b"x" * (20 * 1024 * 1024)

        response = author_client.post(UPLOAD, picture(data))

        assert response.status_code == 413
        assert response.json()["errors"]["image"] == [
            "The picture is larger than 20 MB."
        ]

    def test_refuses_the_largest_by_their_word(self, author_client: Member) -> None:
        response = author_client.generic(
            "POST", UPLOAD, b"", CONTENT_LENGTH=str(10**12)
        )

        assert response.status_code == 413


@pytest.mark.django_db
class TestTags:
    def test_names_what_the_letters_stand_in(self, author_client: Member) -> None:
        services.tags_from_names(["Python", "Cython", "Rust", "pytest"])

        answer = author_client.get(TAGS, {"q": "PY"}).json()

        assert answer == {"tags": ["Python", "pytest"]}
        answer = author_client.get(TAGS, {"q": "yt"}).json()
        assert answer == {"tags": ["Cython", "Python", "pytest"]}

    @pytest.mark.parametrize("typed", ["", "%", "_", "\0", "nothing such"])
    def test_may_find_nothing(self, author_client: Member, typed: str) -> None:
        services.tags_from_names(["Python"])

        assert author_client.get(TAGS, {"q": typed}).json() == {"tags": []}
