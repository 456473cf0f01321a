from __future__ import annotations

import io
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from PIL import Image as Pillow

from blog import services
from blog.models import Image, Post
from tests import corpora
from tests.factories import make_author, make_owner, make_post

pytestmark = pytest.mark.django_db

SEED = Path(os.environ.get("BYLINE_CORPORA", "../shared/corpora")).parent / "seed"


def run(*arguments: object) -> list[str]:
    """The lines on standard output."""
    out = io.StringIO()
    call_command("import_posts", *map(str, arguments), stdout=out)
    return out.getvalue().splitlines()


def run_failing(*arguments: object) -> list[str]:
    out = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("import_posts", *map(str, arguments), stdout=out)
    assert caught.value.returncode == 1
    return out.getvalue().splitlines()


def write(path: Path, text: str = "# A title\n\nWords") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


class TestImport:
    def test_makes_a_draft_of_the_only_owner(self, tmp_path: Path) -> None:
        owner = make_owner()
        path = write(tmp_path / "a.md")

        lines = run(path)

        post = Post.objects.get()
        assert lines == [f"imported {path} /posts/a-title/"]
        assert (post.title, post.body) == ("A title", "Words")
        assert post.published_at is None
        assert post.authors.get() == owner

    def test_front_matter_says_everything(self, tmp_path: Path) -> None:
        make_owner()
        writer = make_author(handle="ada")
        path = write(
            tmp_path / "a.md",
            "---\ntitle: T\nslug: mine\ndate: 2024-11-26\ntags: a, b c\n"
            "author: Ada\nsummary: S\nlanguage: de\n---\nWords",
        )

        lines = run("--publish", path)

        post = Post.objects.published().get()
        assert lines == [f"imported {path} /posts/mine/"]
        assert post.published_at == datetime(2024, 11, 26, tzinfo=UTC)
        assert not post.is_edited
        assert (post.summary, post.language) == ("S", "de")
        assert post.authors.get() == writer
        assert sorted(tag.name for tag in post.tags.all()) == ["a", "b c"]

    def test_named_author_comes_before_the_file_s(self, tmp_path: Path) -> None:
        make_author(handle="ada")
        writer = make_author(handle="ben")

        run("--author", "@ben", write(tmp_path / "a.md", "---\nauthor: ada\n---\nx"))

        assert Post.objects.get().authors.get() == writer

    def test_publishes_now_without_a_date(self, tmp_path: Path) -> None:
        make_owner()

        run("--publish", write(tmp_path / "a.md"))

        assert Post.objects.published().exists()

    def test_draft_stays_a_draft(self, tmp_path: Path) -> None:
        make_owner()

        run("--publish", write(tmp_path / "a.md", "---\ndraft: true\n---\n# T"))

        assert Post.objects.get().published_at is None

    def test_future_date_is_a_schedule(self, tmp_path: Path) -> None:
        make_owner()
        path = write(tmp_path / "a.md", "---\ndate: 2999-01-01\n---\n# T")

        run("--publish", path)

        post = Post.objects.get()
        assert post.published_at
        assert post.published_at > timezone.now()

    def test_walks_folders_in_order(self, tmp_path: Path) -> None:
        make_owner()
        for name in ("b.md", "a/z.txt", "c.MARKDOWN", "a/b.html", ".hidden/x.md"):
            write(tmp_path / name, f"# {name}\n\nWords")

        lines = run(tmp_path)

        assert [line.split()[1] for line in lines] == [
            str(tmp_path / name) for name in ("a/z.txt", "b.md", "c.MARKDOWN")
        ]

    def test_dated_file_name_gives_date_and_slug(self, tmp_path: Path) -> None:
        make_owner()
        path = write(tmp_path / "2024-11-26-my-move.md", "# Another title\n\nx")

        lines = run("--publish", path)

        assert lines == [f"imported {path} /posts/my-move/"]
        assert Post.objects.get().published_at == datetime(2024, 11, 26, tzinfo=UTC)

    def test_pictures_beside_the_file_come_along(self, tmp_path: Path) -> None:
        make_owner()
        Pillow.new("RGB", (8, 4), "red").save(tmp_path / "red one.png")
        path = write(
            tmp_path / "a.md",
            '---\ncover: red%20one.png\n---\n# T\n\n![Red](red%20one.png "It is")\n'
            "![gone](gone.png)\n![far](https://example.org/x.png)\n",
        )

        run(path)

        post, image = Post.objects.get(), Image.objects.get()
        assert post.cover == image
        assert f'![Red]({image.url} "It is")' in post.body
        assert "![gone](gone.png)" in post.body
        assert "https://example.org/x.png" in post.body
        assert run(path)[0].startswith("unchanged")


class TestAgain:
    @pytest.mark.parametrize("front", ["", "---\nslug: mine\n---\n"])
    def test_is_unchanged(self, tmp_path: Path, front: str) -> None:
        make_owner()
        path = write(tmp_path / "a.md", f"{front}# A title\n\nWords")
        address = run(path)[0].split()[-1]

        assert run(path) == [f"unchanged {path} {address}"]
        assert Post.objects.count() == 1

    def test_is_unchanged_after_an_edit_at_the_desk(self, tmp_path: Path) -> None:
        make_owner()
        path = write(tmp_path / "a.md")
        run(path)
        post = Post.objects.get()
        post.body = "Better words"
        services.save_post(post, editor=None, slug="better")

        assert run(path) == [f"unchanged {path} /posts/better/"]

    def test_same_title_with_other_words_is_another_post(self, tmp_path: Path) -> None:
        make_owner()
        run(write(tmp_path / "a.md"))
        path = write(tmp_path / "b.md", "# A title\n\nOther words")

        assert run(path) == [f"imported {path} /posts/a-title-2/"]

    @pytest.mark.parametrize(
        "other",
        [
            "---\ntitle: T\ntags: [a]\n---\nWords",
            "---\ntitle: T\ntags: [a, b]\ndate: 2024-01-02\n---\nWords",
            "---\ntitle: T\n---\nWords",
            "# T\n\nWords",
        ],
    )
    def test_same_words_with_another_front_matter_are_another_post(
        self, tmp_path: Path, other: str
    ) -> None:
        make_owner()
        first = write(
            tmp_path / "a.md",
            "---\ntitle: T\ntags: [a, b]\ndate: 2024-01-01\n---\nWords",
        )
        run(first)
        path = write(tmp_path / "b.md", other)

        assert run(path) == [f"imported {path} /posts/t-2/"]
        assert run(first, path) == [
            f"unchanged {first} /posts/t/",
            f"unchanged {path} /posts/t-2/",
        ]

    def test_same_text_under_another_date_is_another_post(self, tmp_path: Path) -> None:
        make_owner()
        for day in (1, 2):
            write(tmp_path / f"2024-01-0{day}-open-thread.md", "# Open thread\n\nTalk.")

        lines = run(tmp_path)

        assert [line.split()[0] for line in lines] == ["imported", "imported"]

    def test_moved_or_spaced_file_is_unchanged(self, tmp_path: Path) -> None:
        make_owner()
        run(write(tmp_path / "a.md", "---\ntitle: T\ntags: [a]\n---\nWords\n"))
        path = tmp_path / "folder" / "b.md"

        write(path, "---\r\ntags: [a]\r\ntitle: T\r\n---\r\n\r\nWords")

        assert run(path) == [f"unchanged {path} /posts/t/"]

    def test_tags_chosen_at_the_desk_do_not_make_it_new(self, tmp_path: Path) -> None:
        make_owner()
        path = write(tmp_path / "a.md", "---\ntitle: T\ntags: [a]\n---\nWords")
        run(path)
        Post.objects.get().tags.clear()

        assert run(path) == [f"unchanged {path} /posts/t/"]

    def test_same_slug_with_other_words_fails(self, tmp_path: Path) -> None:
        make_owner()
        make_post(slug="mine", body="Words of mine")
        path = write(tmp_path / "a.md", "---\nslug: mine\n---\n# T\n\nx")

        (line,) = run_failing(path)

        assert line == f"failed {path}: /posts/mine/ has other words"
        assert Post.objects.count() == 1

    def test_deleted_post_does_not_come_back(self, tmp_path: Path) -> None:
        make_owner()
        path = write(tmp_path / "a.md")
        run(path)
        services.delete_post(Post.objects.get())

        assert run_failing(path) == [f"failed {path}: /posts/a-title/ was deleted"]


class TestFailure:
    def test_stops_nothing(self, tmp_path: Path) -> None:
        make_owner()
        write(tmp_path / "a.md", "---\ntitle: [\n---\nx")
        (tmp_path / "b.md").write_bytes(b"nul \0")
        write(tmp_path / "c.md")

        lines = run_failing(tmp_path, tmp_path / "none.md", tmp_path / "x.html")

        assert [line.split()[0].strip() for line in lines] == [
            "failed",
            "failed",
            "imported",
            "failed",
            "failed",
        ]
        assert lines[3] == f"failed {tmp_path}/none.md: no such file or directory"
        assert Post.objects.count() == 1

    @pytest.mark.parametrize("owners", [0, 2])
    def test_without_an_author(self, tmp_path: Path, owners: int) -> None:
        for _ in range(owners):
            make_owner()
        path = write(tmp_path / "a.md", "---\nauthor: nobody\n---\n# T")

        (line,) = run_failing(path)

        assert line.startswith(f"failed {path}: nobody is its author")

    def test_leaves_nothing_behind(self, tmp_path: Path) -> None:
        make_owner()
        path = write(tmp_path / "a.md", "---\ntags: [fine, '🔥']\n---\n# T")

        (line,) = run_failing(path)

        assert "cannot be a tag" in line
        assert not Post.objects.exists()

    def test_unknown_author_is_refused_at_once(self, tmp_path: Path) -> None:
        assert run_failing("--author", "nobody", write(tmp_path / "a.md")) == []


@pytest.mark.skipif(not SEED.is_dir(), reason=f"no seed at {SEED}")
def test_both_seed_files_become_posts() -> None:
    make_owner()

    lines = run("--publish", SEED)

    assert [line.split()[0] for line in lines] == ["imported", "imported"]
    assert Post.objects.published().count() == 2
    assert all("💾" in post.body_html for post in Post.objects.all())


def test_no_post_of_a_real_blog_is_taken_for_another(tmp_path: Path) -> None:
    make_owner()
    posts = corpora.path("importers/posts/jekyll-edge-cases")
    for file in posts.glob("*__*-tag*.m*"):
        shutil.copy(file, tmp_path / file.name.rpartition("__")[2])

    lines = run(tmp_path)

    assert len(lines) >= 4
    assert {line.split()[0] for line in lines} == {"imported"}
    assert {tag.name for tag in Post.objects.get(slug="tags").tags.all()} == {
        "food",
        "cooking",
        "pizza",
    }
