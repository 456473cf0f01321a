from __future__ import annotations

import asyncio
import io
import re
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from PIL import Image as Pillow
from procrastinate.contrib.django.models import ProcrastinateJob

from blog import avif, services, tasks
from blog.images import store_image
from blog.models import Image, Post
from core.worker import work
from tests.concurrency import together
from tests.factories import make_post
from tests.pictures import animated, drawing, file_of, photo

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries, Settings

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_queue")]


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def store(data: bytes) -> Image:
    return store_image(data, uploaded_by=None)


def made(image: Image) -> Image:
    """The picture after the worker was there."""
    avif.make_avif(image.pk)
    image.refresh_from_db()
    return image


def landscape(width: int = 700, height: int = 300) -> Pillow.Image:
    """What compresses like a photograph: soft shapes, a little noise."""
    return photo(width // 20, height // 20).resize((width, height))


def queued(name: str) -> int:
    return ProcrastinateJob.objects.filter(task_name=name, status="todo").count()


class TestMakeAvif:
    def test_writes_the_widths_that_a_browser_is_offered(self) -> None:
        image = made(store(file_of(landscape(1200, 400), "JPEG")))

        assert image.avif_widths == [480, 960, 1200]
        for width in image.avif_widths:
            with default_storage.open(f"{image.digest}-{width}.avif") as file:
                opened = Pillow.open(io.BytesIO(file.read()))
            assert (opened.format, opened.size) == ("AVIF", (width, width // 3))
        assert image.avif_srcset == ", ".join(
            f"/media/{image.digest}-{width}.avif {width}w" for width in (480, 960, 1200)
        )

    def test_is_smaller_than_what_it_stands_for(self) -> None:
        image = made(store(file_of(landscape(1200, 400), "JPEG")))

        for width, name in image.files.items():
            size = default_storage.size(image.avif_name(width))
            assert size < default_storage.size(name)

    def test_keeps_none_where_one_is_not_smaller(self, media: Path) -> None:
        image = store(file_of(landscape(1000, 400), "JPEG"))
        default_storage.save(f"{image.digest}-960.webp", ContentFile(b"tiny"))

        assert made(image).avif_widths == []
        assert not list(media.glob("*.avif"))

    def test_keeps_transparency(self) -> None:
        see_through = landscape(500, 100).convert("RGBA")
        see_through.putalpha(90)

        image = made(store(file_of(see_through)))

        with default_storage.open(image.avif_name(480)) as file:
            opened = Pillow.open(io.BytesIO(file.read()))
            assert opened.mode == "RGBA"

    @pytest.mark.parametrize(
        "data",
        [
            pytest.param(animated("GIF", size=(500, 100)), id="animation"),
            pytest.param(file_of(landscape(400, 100)), id="small picture"),
        ],
    )
    def test_is_not_asked_for_what_has_no_variants(self, data: bytes) -> None:
        image = store(data)

        assert image.avif_widths == []
        assert made(image).avif_widths == []
        assert not queued("make_avif")

    def test_twice_is_the_same(self, media: Path) -> None:
        image = made(store(file_of(landscape(), "JPEG")))
        before = {path: path.stat().st_mtime_ns for path in media.iterdir()}

        again = made(image)

        assert again.avif_widths == [480, 700]
        assert {path: path.stat().st_mtime_ns for path in media.iterdir()} == before

    def test_does_nothing_where_the_row_is_gone(self) -> None:
        image = store(file_of(landscape(), "JPEG"))
        pk = image.pk
        image.delete()

        tasks.make_avif.func(pk)

        assert not Image.objects.exists()

    @pytest.mark.parametrize("name", ["picture", "variant"])
    def test_makes_none_where_a_file_is_gone(self, name: str) -> None:
        image = store(file_of(landscape(), "JPEG"))
        gone = {"picture": image.name, "variant": f"{image.digest}-480.webp"}[name]
        default_storage.delete(gone)

        assert made(image).avif_widths == []

    def test_makes_none_of_a_damaged_file(self) -> None:
        image = store(file_of(landscape(), "JPEG"))
        default_storage.save(image.name, ContentFile(b"\xff\xd8\xff damaged"))

        assert made(image).avif_widths == []


class TestQueue:
    def test_work_is_queued_with_the_row(self) -> None:
        image = store(file_of(landscape(), "JPEG"))

        job = ProcrastinateJob.objects.get(task_name="make_avif", status="todo")
        assert job.args == {"image_pk": image.pk}
        assert job.priority < 0

    def test_row_that_is_rolled_back_queues_nothing(self) -> None:
        with transaction.atomic():
            store(file_of(landscape(), "JPEG"))
            transaction.set_rollback(True)

        assert not queued("make_avif")

    def test_the_same_picture_is_queued_once(self) -> None:
        for _ in range(2):
            store(file_of(landscape(), "JPEG"))

        assert queued("make_avif") == 1

    def test_lost_files_come_back(self, run_tasks: Callable[[], None]) -> None:
        data = file_of(landscape(), "JPEG")
        image = store(data)
        run_tasks()
        for name in (image.name, image.avif_name(480)):
            default_storage.delete(name)

        store(data)
        run_tasks()

        assert default_storage.exists(image.avif_name(480))

    def test_forgotten_pictures_are_queued_once(self) -> None:
        long_ago = timezone.now() - timedelta(hours=2)
        forgotten, fresh, done = [
            store(file_of(landscape(n, 300), "JPEG")) for n in (700, 710, 720)
        ]
        made(done)
        Image.objects.exclude(pk=fresh.pk).update(uploaded_at=long_ago)
        ProcrastinateJob.objects.filter(task_name="make_avif").delete()

        for _ in range(2):
            tasks.make_forgotten_avif.func(0)

        job = ProcrastinateJob.objects.get(task_name="make_avif", status="todo")
        assert job.args == {"image_pk": forgotten.pk}


class TestPosts:
    def test_know_the_pictures_they_show(self) -> None:
        shown, other = store(file_of(drawing())), store(file_of(drawing(9, 9)))
        post = make_post(body=f"![]({shown.url})", cover=other)

        assert list(post.images.all()) == [shown]

        post.body = f"![]({other.url})"
        services.save_post(post, editor=None)

        assert list(post.images.all()) == [other]

    def test_text_without_pictures_asks_for_none(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        with django_assert_num_queries(0):
            assert services.render(Post(body="no pictures")) == []

    def test_are_rendered_again_without_an_edit(
        self, run_tasks: Callable[[], None]
    ) -> None:
        image = store(file_of(landscape(), "JPEG"))
        post = make_post(body=f"![a]({image.url})")
        before = (post.updated_at, post.version, post.revisions.count())
        assert "avif" not in post.body_html

        run_tasks()

        post.refresh_from_db()
        assert f'<source type="image/avif" srcset="/media/{image.digest}-' in (
            post.body_html
        )
        assert (post.updated_at, post.version, post.revisions.count()) == before

    def test_others_are_left_alone(self, run_tasks: Callable[[], None]) -> None:
        store(file_of(landscape(), "JPEG"))
        other = make_post()
        Post.objects.filter(pk=other.pk).update(body_html="as it was")

        run_tasks()

        other.refresh_from_db()
        assert other.body_html == "as it was"

    def test_every_file_that_a_page_names_is_there(
        self, client: Client, run_tasks: Callable[[], None]
    ) -> None:
        cover = store(file_of(landscape(1000, 400), "JPEG"))
        between = store(file_of(landscape(1300, 400), "JPEG"))
        small = store(file_of(drawing()))
        text = f"![a]({between.url} 'c')\n\n[![]({small.url})](/)"
        post = make_post(body=text, cover=cover, cover_alt="b")
        before = client.get(post.get_absolute_url()).text

        run_tasks()
        pages = [
            client.get(path).text for path in (post.get_absolute_url(), "/", "/?page=1")
        ]

        assert "avif" not in before
        assert [page.count("image/avif") for page in pages] == [2, 1, 1]
        named = {
            candidate.split()[0]
            for page in [before, *pages]
            for found in re.findall(r'srcset="([^"]*)"', page)
            for candidate in found.split(",")
        }
        assert len(named) == 2 * 3 + 2 * 3
        for url in named:
            response = client.get(url)
            kind = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
            assert response.status_code == 200
            assert response["Content-Type"] == kind[url.rpartition(".")[2]]
            assert (
                Pillow.MIME[str(Pillow.open(io.BytesIO(response.getvalue())).format)]
                == (response["Content-Type"])
            )


@pytest.mark.django_db(transaction=True)
def test_post_saved_while_its_picture_is_made_is_not_forgotten() -> None:
    image = store(file_of(landscape(500, 100), "JPEG"))
    posts = [make_post() for _ in range(8)]

    def show(post: Post) -> None:
        post.body = f"![]({image.url})"
        services.save_post(post, editor=None)

    failures = together(
        [partial(avif.make_avif, image.pk), *(partial(show, post) for post in posts)]
    )

    assert failures == []
    for post in Post.objects.all():
        assert post.renderer_version == 0 or "image/avif" in post.body_html


@pytest.mark.django_db(transaction=True)
def test_worker_makes_it_and_then_renders_the_post() -> None:
    image = store(file_of(landscape(), "JPEG"))
    post = make_post(body=f"![]({image.url})")

    for _ in range(2):
        asyncio.run(work(wait=False))

    post.refresh_from_db()
    assert "image/avif" in post.body_html
