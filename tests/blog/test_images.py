from __future__ import annotations

import io
import struct
import threading
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from PIL import Image as Pillow, ImageCms, PngImagePlugin

from blog.images import ImageRefused, ImageTooLarge, resolver_for, store_image
from blog.models import Image
from tests import factories
from tests.pictures import animated, drawing, file_of, photo

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import DjangoAssertNumQueries, Settings

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def store(data: bytes, name: str = "") -> Image:
    return store_image(data, uploaded_by=None, name=name)


def stored(image: Image) -> Pillow.Image:
    with default_storage.open(image.name) as file:
        opened = Pillow.open(io.BytesIO(file.read()))
    opened.load()
    return opened


def chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)


def png_that_claims(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    data = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", data)
        + chunk(b"IEND", b"")
    )


def png_with_text_bomb() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("k", "a" * 70_000_000, zip=True)
    return file_of(drawing(), "PNG", pnginfo=info)


def png_with_bad_sum() -> bytes:
    data = bytearray(file_of(photo(60, 60), "PNG"))
    data[data.index(b"IDAT") + 200] ^= 0xFF
    return bytes(data)


def gif_with_huge_screen() -> bytes:
    data = bytearray(file_of(drawing(1, 1), "GIF"))
    data[6:10] = b"\xff\xff\xff\xff"
    return bytes(data)


PNG = file_of(photo(60, 60), "PNG")
JPEG = file_of(photo(200, 200), "JPEG")
GIF = file_of(drawing(), "GIF")
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">'
    b"<script>alert(1)</script></svg>"
)


class TestRefusals:
    @pytest.mark.parametrize(
        "data",
        [
            pytest.param(b"", id="empty"),
            pytest.param(b"\x89", id="one byte"),
            pytest.param(b"just words", id="text"),
            pytest.param(b"<html><script>alert(1)</script>", id="html"),
            pytest.param(SVG, id="svg"),
            pytest.param(b'<?xml version="1.0"?>' + SVG, id="svg with prolog"),
            pytest.param(b"GIF89a/*" + b"x" * 200 + b"*/=1;alert(1)", id="gif and js"),
            pytest.param(PNG[: len(PNG) // 2], id="truncated png"),
            pytest.param(JPEG[:-200], id="truncated jpeg"),
            pytest.param(GIF[:20], id="truncated gif"),
            pytest.param(
                animated("GIF", size=(90, 90))[:-60], id="truncated animation"
            ),
            pytest.param(file_of(photo(), "WEBP")[:-200], id="truncated webp"),
            pytest.param(file_of(photo(80, 80), "AVIF")[:-200], id="truncated avif"),
            pytest.param(file_of(drawing(), "BMP"), id="bmp"),
            pytest.param(file_of(drawing(), "TIFF"), id="tiff"),
            pytest.param(file_of(drawing(), "ICO"), id="ico"),
            pytest.param(file_of(drawing(), "EPS"), id="eps"),
            pytest.param(file_of(drawing(), "PDF"), id="pdf"),
            pytest.param(png_with_bad_sum(), id="bad checksum"),
            pytest.param(gif_with_huge_screen(), id="huge gif screen"),
            pytest.param(png_that_claims(30_000, 30_000), id="bomb"),
            pytest.param(png_that_claims(11_000, 10_000), id="bomb of 110 megapixels"),
            pytest.param(png_that_claims(8_000, 7_000), id="56 megapixels"),
            pytest.param(png_that_claims(2**31 - 1, 2**31 - 1), id="impossible size"),
            pytest.param(animated("GIF", 501, (2, 2)), id="too many frames"),
            pytest.param(animated("WEBP", 51, (1000, 1000)), id="long animation"),
        ],
    )
    def test_leave_nothing_behind(self, data: bytes, media: Path) -> None:
        with pytest.raises(ImageRefused) as refusal:
            store(data)

        assert str(refusal.value).endswith(".")
        assert not Image.objects.exists()
        assert not media.exists()

    def test_come_before_decoding(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*args: Any) -> None:
            pytest.fail("decoded")

        data = png_that_claims(8_000, 7_000)
        monkeypatch.setattr(PngImagePlugin.PngImageFile, "load_prepare", fail)

        with pytest.raises(ImageRefused, match="50 megapixels"):
            store(data)

    def test_large_text_inside_a_picture_is_refused(self) -> None:
        with pytest.raises(ImageRefused):
            store(png_with_text_bomb())

    def test_a_file_over_20_mb_is_refused_unread(self) -> None:
        class Endless(io.BytesIO):
            asked = 0

            def read(self, size: int | None = -1, /) -> bytes:
                assert size
                assert size > 0
                self.asked += size
                return b"x" * size

        file = Endless()

        with pytest.raises(ImageTooLarge):
            store_image(file, uploaded_by=None)

        assert file.asked == 20 * 1024 * 1024 + 1


class TestKept:
    def test_a_photo_stays_a_jpeg_with_smaller_copies(self) -> None:
        image = store(file_of(photo(1000, 500), "JPEG"), "beach.jpg")

        assert (image.extension, image.width, image.height) == ("jpg", 1000, 500)
        assert image.widths == [480, 960]
        for width in image.widths:
            with default_storage.open(f"{image.digest}-{width}.webp") as file:
                assert Pillow.open(file).size == (width, width // 2)
        assert image.original_name == "beach.jpg"
        assert image.byte_size == default_storage.size(image.name)

    def test_a_drawing_stays_a_png(self) -> None:
        image = store(file_of(drawing(500, 20)))

        assert image.extension == "png"
        assert stored(image).convert("RGB").getpixel((0, 0)) == (0, 128, 128)

    def test_a_photo_in_a_png_becomes_a_jpeg(self) -> None:
        assert store(file_of(photo(), "PNG")).extension == "jpg"

    def test_transparency_stays(self) -> None:
        image = store(file_of(Pillow.new("RGBA", (30, 30), (255, 0, 0, 90))))

        assert image.extension == "png"
        assert stored(image).getpixel((3, 3)) == (255, 0, 0, 90)

    def test_transparent_palette_stays(self) -> None:
        palette = Pillow.new("P", (30, 30), 0)
        palette.putpalette([10, 20, 30, 40, 50, 60])

        image = store(file_of(palette, "PNG", transparency=0))

        assert stored(image).getpixel((3, 3)) == (10, 20, 30, 0)

    @pytest.mark.parametrize("kind", ["WEBP", "AVIF"])
    def test_modern_formats_become_webp(self, kind: str) -> None:
        assert store(file_of(photo(), kind)).extension == "webp"

    @pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
    def test_animations_keep_moving(self, kind: str) -> None:
        image = store(animated(kind))

        moving = stored(image)
        assert (image.extension, image.widths) == ("webp", [])
        assert (getattr(moving, "n_frames", 1), moving.size) == (3, (20, 10))

    def test_the_content_decides_not_the_name(self) -> None:
        assert store(file_of(photo(), "JPEG"), "lies.png").extension == "jpg"

    @pytest.mark.parametrize("size", [(1, 1), (1, 20_000), (20_000, 1)])
    def test_odd_sizes_are_taken(self, size: tuple[int, int]) -> None:
        image = store(file_of(Pillow.new("RGB", size)))

        assert (image.width, image.height) == size

    def test_cmyk_becomes_rgb(self) -> None:
        image = store(file_of(Pillow.new("CMYK", (10, 10), (0, 255, 255, 0)), "JPEG"))

        assert stored(image).mode == "RGB"

    @pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "RGBA"])
    def test_every_kind_of_png_is_taken(self, mode: str) -> None:
        assert store(file_of(Pillow.new(mode, (10, 10)))).extension == "png"

    def test_sixteen_bit_gray_keeps_its_brightness(self) -> None:
        image = store(file_of(Pillow.new("I;16", (10, 10), 32768)))

        assert stored(image).convert("RGB").getpixel((5, 5)) == (128, 128, 128)


class TestMetadata:
    def test_orientation_is_applied_and_forgotten(self) -> None:
        exif = Pillow.Exif()
        exif[0x0112] = 6

        image = store(file_of(photo(100, 50), "JPEG", exif=exif))

        assert (image.width, image.height) == (50, 100)
        assert not stored(image).getexif()

    @pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
    def test_the_place_where_a_photo_was_taken_is_gone(self, kind: str) -> None:
        exif = Pillow.Exif()
        exif[0x010E] = "<script>alert(1)</script>"
        exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 0.0)})

        image = store(file_of(photo(500, 400), kind, exif=exif))

        for name in (image.name, f"{image.digest}-480.webp"):
            with default_storage.open(name) as file:
                data = file.read()
            assert b"script" not in data
            assert not Pillow.open(io.BytesIO(data)).getexif().get_ifd(0x8825)

    @pytest.mark.parametrize(
        ("data", "hidden"),
        [
            (file_of(photo(), "JPEG", comment="<script>"), b"<script>"),
            (file_of(photo(), "JPEG") + b"PK\x03\x04 zip", b"PK\x03\x04"),
            (file_of(drawing()) + b"<?php system(); ?>", b"<?php"),
            (file_of(drawing(), "GIF", comment=b"%PDF-1.4"), b"%PDF"),
        ],
    )
    def test_what_else_a_file_is_is_gone(self, data: bytes, hidden: bytes) -> None:
        assert hidden in data

        image = store(data)

        with default_storage.open(image.name) as file:
            assert hidden not in file.read()

    def test_a_color_profile_is_applied_and_forgotten(self) -> None:
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

        image = store(file_of(photo(), "JPEG", icc_profile=profile))

        assert "icc_profile" not in stored(image).info

    @pytest.mark.parametrize(
        ("kind", "size"), [("PNG", 9), ("PNG", 900_000), ("JPEG", 2_000_000)]
    )
    def test_a_senseless_color_profile_is_ignored(self, kind: str, size: int) -> None:
        image = store(file_of(drawing(), kind, icc_profile=b"a" * size))

        assert image.byte_size < 10_000

    @pytest.mark.parametrize(
        ("name", "kept"),
        [
            ("../../../etc/cron.d/x.png", "x.png"),
            ("..\\\\x.png", "x.png"),
            ("x.png\x00.html", "x.png.html"),
            ("a\r\nSet-Cookie: x=1.png", "aSet-Cookie: x=1.png"),
            ("\u202egnp.exe", "gnp.exe"),
            ("n" * 300, "n" * 200),
        ],
    )
    def test_a_name_is_only_noted(self, name: str, kept: str, media: Path) -> None:
        image = store(file_of(drawing()), name)

        assert image.original_name == kept
        assert [path.name for path in media.iterdir()] == [image.name]


class TestAgain:
    def test_the_same_picture_is_the_same_row(self) -> None:
        first = store(file_of(drawing()), "a.png")
        second = store(file_of(drawing()), "b.png")

        assert (first.pk, first.original_name) == (second.pk, "a.png")

    def test_lost_files_come_back(self) -> None:
        image = store(file_of(drawing()))
        default_storage.delete(image.name)

        store(file_of(drawing()))

        assert default_storage.exists(image.name)

    @pytest.mark.django_db(transaction=True)
    def test_two_uploads_at_the_same_moment_are_one_row(self, media: Path) -> None:
        data = file_of(photo(600, 400), "JPEG")
        gate = threading.Barrier(4)

        def upload() -> None:
            gate.wait()
            store(data)
            connection.close()

        threads = [threading.Thread(target=upload) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        image = Image.objects.get()
        names = {path.name for path in media.iterdir()}
        assert names == {image.name, f"{image.digest}-480.webp"}

    def test_who_uploaded_is_noted(self) -> None:
        author = factories.make_author()

        image = store_image(file_of(drawing()), uploaded_by=author)

        assert image.uploaded_by == author


class TestResolverFor:
    def test_finds_all_pictures_of_a_text_with_one_query(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        big = store(file_of(photo(1000, 500), "JPEG"))
        small = store(file_of(drawing(40, 30)))
        text = f'![a]({big.url})\n\n<img src="{small.url}"> /media/{"0" * 32}.png'

        with django_assert_num_queries(1):
            find = resolver_for(text)

        found, other = find(big.url), find(small.url)
        assert found
        assert other
        assert (found.width, found.height) == (1000, 500)
        assert f"/media/{big.digest}-480.webp 480w" in found.srcset
        assert (other.width, other.height, other.srcset) == (40, 30, "")
        assert find(f"/media/{'0' * 32}.png") is None
        assert find(f"/media/{big.digest}.exe") is None

    def test_picture_between_two_sizes_is_a_size_itself(self) -> None:
        between = store(file_of(photo(1200, 600), "JPEG"))
        exact = store(file_of(photo(960, 480), "JPEG"))

        assert between.srcset.endswith(f"-960.webp 960w, {between.url} 1200w")
        assert exact.srcset.endswith("-960.webp 960w")

    def test_asks_nothing_for_a_text_without_pictures(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        with django_assert_num_queries(0):
            assert resolver_for("no pictures")("/media/x.png") is None
