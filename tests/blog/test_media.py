from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from blog.images import store_image
from blog.models import Image
from tests.pictures import file_of, photo

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client
    from pytest_django import Settings

pytestmark = pytest.mark.django_db


@pytest.fixture
def image(settings: Settings, tmp_path: Path) -> Image:
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "secret.txt").write_text("secret")
    return store_image(file_of(photo(500, 100), "JPEG"), uploaded_by=None)


class TestMediaFile:
    def test_is_sent_to_be_kept_for_ever(self, client: Client, image: Image) -> None:
        response = client.get(image.url)

        assert response.status_code == 200
        assert len(response.getvalue()) == image.byte_size
        assert response["Content-Type"] == "image/jpeg"
        assert response["Cache-Control"] == "public, max-age=31536000, immutable"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")

    def test_malformed_token_gets_no_cookie(self, client: Client, image: Image) -> None:
        client.cookies["csrf"] = "x"

        response = client.get(image.url)
        response.close()

        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")

    def test_variants_are_webp(self, client: Client, image: Image) -> None:
        response = client.get(f"/media/{image.digest}-480.webp")

        assert response.getvalue()[8:12] == b"WEBP"
        assert response["Content-Type"] == "image/webp"

    def test_is_not_sent_twice(self, client: Client, image: Image) -> None:
        first = client.get(image.url)
        first.close()
        etag = first["ETag"]

        response = client.get(image.url, headers={"If-None-Match": etag})

        assert response.status_code == 304
        assert response["ETag"] == etag
        assert "immutable" in response["Cache-Control"]

    def test_answers_head(self, client: Client, image: Image) -> None:
        response = client.head(image.url)
        response.close()

        assert response.status_code == 200
        assert response["Content-Length"] == str(image.byte_size)

    @pytest.mark.parametrize(
        "name",
        [
            "secret.txt",
            "..%2Fsecret.txt",
            "%2E%2E/secret.txt",
            f"{'0' * 32}.jpg",
            f"{'0' * 32}.svg",
            f"{'0' * 32}-481.webp",
            f"{'0' * 32}.jpg%00",
            f"{'0' * 32}.jpg%0A",
            "",
        ],
    )
    def test_other_names_do_not_exist(
        self, client: Client, image: Image, name: str
    ) -> None:
        assert client.get(f"/media/{name}").status_code == 404

    def test_refuses_other_methods(self, client: Client, image: Image) -> None:
        assert client.post(image.url).status_code == 405
