from __future__ import annotations

from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from blog.models import Post
from core.models import Mark
from demo import services
from tests.factories import make_post

if TYPE_CHECKING:
    from pathlib import Path

ARTICLE = "---\ntitle: T\nslug: t\ndate: 2024-01-02\nauthor: demo_x\n---\nWords\n"
TALK = """
accounts: [{handle: demo_x, name: X (demo), bio: None.}]
posts: {t: {thread: [{author: demo_x, after: 1, body: Hello.}]}}
"""


@pytest.mark.django_db
class TestLoadDemo:
    def test_never_comes_back(self) -> None:
        Mark.objects.create(name="demo")

        services.load_demo()

        assert not Post.objects.exists()

    def test_stays_out_of_a_blog_with_posts(self) -> None:
        mine = make_post()

        services.load_demo()
        mine.delete()
        services.load_demo()

        assert not Post.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_a_time_load_it_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "article.md").write_text(ARTICLE)
    (tmp_path / "conversations.yaml").write_text(TALK)
    monkeypatch.setattr(services, "CONTENT", tmp_path)
    monkeypatch.setattr(services, "ARTICLES", tmp_path)
    barrier = Barrier(2)

    def load() -> None:
        try:
            barrier.wait()
            services.load_demo()
        finally:
            connection.close()

    threads = [Thread(target=load) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Post.objects.count() == 1
    assert Mark.objects.count() == 1
