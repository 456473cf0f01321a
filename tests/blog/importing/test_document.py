from __future__ import annotations

import contextlib
import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from blog.importing.document import Document, parse
from blog.importing.errors import FileRefused

SHARED = Path(os.environ.get("BYLINE_CORPORA", "../shared/corpora")).parent


def parsed(text: str, name: str = "file.md") -> Document:
    return parse(text.encode(), Path(name))


class TestTitle:
    def test_comes_from_front_matter(self) -> None:
        document = parsed("---\ntitle: Named\n---\n# Heading\n\nWords")

        assert document.title == "Named"
        assert document.body == "# Heading\n\nWords"

    def test_comes_from_the_first_heading_which_goes(self) -> None:
        document = parsed("# A *fine* `title`\n\nWords\n\n## Part\n\nMore\n")

        assert document.title == "A fine title"
        assert document.body == "Words\n\n## Part\n\nMore"

    def test_is_not_repeated(self) -> None:
        document = parsed("---\ntitle: Two\n---\n\n# Two\n\nWords\n\n# Two\n\nMore")

        assert document.body == "Words\n\nMore"

    def test_may_be_underlined(self) -> None:
        document = parsed("A title\n=======\n\nWords")

        assert (document.title, document.body) == ("A title", "Words")

    def test_comment_in_code_is_no_heading(self) -> None:
        document = parsed("```python\n# not this\n```\n\n# This\n\nWords")

        assert document.title == "This"
        assert "# not this" in document.body

    def test_comes_from_the_file_name_at_last(self) -> None:
        document = parsed("Words", "2024-11-26-why-we_moved.md")

        assert document.title == "Why we moved"
        assert document.slug_hint == "why-we_moved"
        assert document.date == datetime(2024, 11, 26, tzinfo=UTC)

    def test_keeps_its_no_break_space(self) -> None:
        assert parsed("# CAFÉ\u00a0!\n\nx").title == "CAFÉ\u00a0!"

    def test_title_does_not_turn_the_page(self) -> None:
        assert parsed("# \u2067Turned\u2069 \u202eround\n\nx").title == "Turned round"


class TestFields:
    def test_are_read(self) -> None:
        document = parsed(
            "---\ntitle: T\nslug: Mine & Yours\ntags: [a, b]\ndate: 2024-11-26\n"
            "author: '@ada'\ndraft: yes\nsummary: Short.\nlanguage: de\n---\nx"
        )

        assert document == Document(
            title="T",
            body="x",
            summary="Short.",
            slug="mine-yours",
            date=datetime(2024, 11, 26, tzinfo=UTC),
            tags=("a", "b"),
            authors=("ada",),
            language="de",
            is_draft=True,
        )

    def test_unpublished_is_a_draft(self) -> None:
        assert parsed("---\ntitle: T\npublished: false\n---\nx").is_draft

    @pytest.mark.parametrize(
        "path", ["2026/01/05/x", "inside/2026/1/5/x", "a/b/2026/01/05/x/"]
    )
    def test_path_gives_the_date(self, path: str) -> None:
        document = parsed(f"---\ntitle: T\npath: {path}\n---\nx")

        assert document.date == datetime(2026, 1, 5, tzinfo=UTC)

    @pytest.mark.parametrize("path", ["x/12026/01/05/x", "2026/01/05", "2026/13/05/x"])
    def test_other_path_gives_none(self, path: str) -> None:
        assert parsed(f"---\ntitle: T\npath: {path}\n---\nx").date is None

    def test_front_matter_date_wins_over_the_text(self) -> None:
        document = parsed("---\ndate: 2020-01-02\n---\n# T\n\nPosted on May 3, 2024\nx")

        assert document.date == datetime(2020, 1, 2, tzinfo=UTC)
        assert document.body == "x"


class TestText:
    def test_posted_on_is_the_date_and_goes(self) -> None:
        document = parsed("# T\n\nPosted on November 26, 2024\n\nWords")

        assert document.date == datetime(2024, 11, 26, tzinfo=UTC)
        assert document.body == "Words"

    def test_posted_on_without_a_date_or_in_code_stays(self) -> None:
        body = "Posted on the wall there was\n\n```\nPosted on May 3, 2024\n```"
        document = parsed(f"# T\n\n{body}")

        assert document.date is None
        assert document.body == body

    def test_bullets_become_a_list(self) -> None:
        document = parsed("# T\n\nSee:\n  • one\n  • two\n      • deeper\n", "a.txt")

        assert document.body == "See:\n- one\n- two\n  - deeper"

    def test_bullets_in_code_stay(self) -> None:
        assert "• kept" in parsed("# T\n\n```\n• kept\n```\n").body

    def test_code_copied_with_its_buttons_is_fenced(self) -> None:
        document = parsed(
            "# T\n\npython  \nimport torch  \n\n# note\nEnter fullscreen mode "
            "Exit fullscreen mode\n\nWords",
            "a.txt",
        )

        assert document.body.startswith("```python\nimport torch\n\n# note\n```\n")
        assert "fullscreen" not in document.body

    def test_one_emoji_line_is_no_heading(self) -> None:
        assert parsed("# T\n\n🧩 1. Alone\n\nWords", "a.txt").body.startswith("🧩")

    def test_markdown_keeps_its_emoji_lines(self) -> None:
        body = "🧩 1. One\n\nWords\n\n🤝 2. Two"

        assert parsed(f"# T\n\n{body}").body == body

    def test_spaces_at_the_ends_of_words_are_kept(self) -> None:
        body = "\u3000indented\u00a0\n\nline \x0b\x85\u2028 more\u00a0"

        assert parsed(f"---\ntitle: T\n---\n\n{body}\n").body == body


class TestBytes:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
    def test_marked_encodings_are_read(self, encoding: str) -> None:
        data = "---\ntitle: Größe\n---\r\nWörter\r\n".encode(encoding)

        document = parse(data, Path("a.md"))

        assert (document.title, document.body) == ("Größe", "Wörter")

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"", "no words"),
            (b"\n \n", "no words"),
            (b"# T\n\nnul \0", "NUL"),
            (b"# T\n\ncaf\xe9", "line 3 is not UTF-8"),
            (b"\xff\xfea", "not UTF-16"),
            (b"# T\n\n" + b"x" * 300_001, "300,000"),
            (b"# " + b"t" * 201, "title"),
            ('---\ntitle: "\u200b\u202e"\n---\nx'.encode(), "title"),
            (b"---\nslug: '!!'\n---\n# T", "slug"),
            (b"---\ndate: soon\n---\n# T", "not a date"),
        ],
    )
    def test_what_cannot_be_a_post_is_refused(self, data: bytes, reason: str) -> None:
        with pytest.raises(FileRefused, match=reason):
            parse(data, Path("a.md"))


@pytest.mark.parametrize(
    "text",
    ["# " + "[" * 290_000, "> " * 140_000 + "x", "---\n" * 30_000, "•\n" * 90_000],
)
def test_hostile_files_take_no_time(text: str) -> None:
    started = time.process_time()

    with contextlib.suppress(FileRefused):
        parsed(text)

    assert time.process_time() - started < 10


def test_three_hundred_thousand_characters_are_taken() -> None:
    assert len(parsed("---\ntitle: T\n---\n" + "x" * 300_000).body) == 300_000


@pytest.mark.skipif(not (SHARED / "seed").is_dir(), reason=f"no seed in {SHARED}")
class TestSeed:
    def test_copied_page_gets_its_shape_back(self) -> None:
        path = SHARED / "seed" / "pytorch-vs-tensorflow.txt"

        document = parse(path.read_bytes(), path)

        assert document.title == "🚀 Why PyTorch Stole the Spotlight from TensorFlow"
        assert document.date == datetime(2024, 11, 26, tzinfo=UTC)
        assert document.title not in document.body
        for line in (
            "/₥V",
            "## 💾 5. Libraries like Hugging Face",
            "## 💡 What do you think?",
            "- Static graph debugging challenges.",
            "💖 💪 🙅 🚩",
            "```python",
            "# Add them together",
        ):
            assert line in document.body.split("\n")
        for junk in ("đź", "Posted on", "•", "fullscreen", "Newsletter"):
            assert junk not in document.body

    def test_markdown_is_taken_as_it_is(self) -> None:
        path = SHARED / "seed" / "pytorch-vs-tensorflow.md"

        document = parse(path.read_bytes(), path)

        assert document.tags == ("pytorch", "tensorflow", "machine-learning")
        assert path.read_text().endswith(document.body + "\n")


POSTS = SHARED / "corpora" / "importers" / "posts"


@pytest.mark.skipif(not POSTS.is_dir(), reason=f"no corpora in {SHARED}")
def test_real_posts_are_all_read() -> None:
    paths = sorted(POSTS.glob("*/*.m*"))
    started = time.monotonic()

    documents = [parse(path.read_bytes(), path) for path in paths]

    assert len(documents) > 200
    assert all(document.title for document in documents)
    assert len({document.digest for document in documents}) == len(documents)
    assert time.monotonic() - started < 60
