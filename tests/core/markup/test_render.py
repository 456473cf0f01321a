from __future__ import annotations

from pathlib import Path

import pytest
from django.template import Context, Template

from core.markup import (
    ImageInfo,
    Profile,
    TocEntry,
    excerpt,
    for_feed,
    plain_text,
    render,
    shorten,
)
from tests import corpora

IMAGE = ImageInfo(1200, 800, "/media/a-480.webp 480w, /media/a-960.webp 960w")


def html(markdown: str, profile: Profile = Profile.POST) -> str:
    return render(markdown, profile).html


class TestHeadings:
    @pytest.mark.parametrize(
        ("markdown", "levels"),
        [
            ("# a\n## b\n# c", [2, 3, 2]),
            ("## a\n### b", [2, 3]),
            ("### a\n# b", [4, 2]),
            ("# a\n###### b", [2, 6]),
        ],
    )
    def test_begin_at_two_and_keep_their_distances(
        self, markdown: str, levels: list[int]
    ) -> None:
        assert [entry.level for entry in render(markdown, Profile.POST).toc] == levels

    @pytest.mark.parametrize(
        ("title", "identifier"),
        [
            ("🧩 1. Dynamic Graphs", "section-1-dynamic-graphs"),
            ("Привет, мир!", "section-привет-мир"),
            ("数据库", "section-数据库"),
            ("हिन्दी", "section-हिन्दी"),
            ("🔥", "section-fire"),
            ("`C++` & C#", "section-c-plus-plus-c-sharp"),
            ("...", "section-untitled"),
            ("location", "section-location"),
        ],
    )
    def test_ids_are_readable(self, title: str, identifier: str) -> None:
        rendered = render(f"## {title}", Profile.POST)

        assert f'id="{identifier}"' in rendered.html
        assert f'href="#{identifier}"' in rendered.html

    def test_ids_are_unique(self) -> None:
        toc = render("# a\n# a\n# a 2\n# a", Profile.POST).toc

        assert [entry.id for entry in toc] == [
            "section-a",
            "section-a-2",
            "section-a-2-2",
            "section-a-3",
        ]

    def test_contents_hold_the_words_alone(self) -> None:
        toc = render("# *a* `b` [c](d) <b>e</b>", Profile.POST).toc

        assert toc == [TocEntry(2, "section-a-b-c-e", "a b c e")]

    def test_quoted_heading_is_not_in_the_contents(self) -> None:
        assert render("> # a", Profile.POST).toc == []

    def test_link_has_a_name_and_no_words(self) -> None:
        assert html("# a").startswith(
            '<h2 id="section-a">a <a class="heading-anchor" href="#section-a" '
            'aria-label="Link to this section"></a></h2>'
        )


class TestFootnotes:
    def test_lead_there_and_back(self) -> None:
        got = html("a[^x] b[^x]\n\n[^x]: note")

        assert '<a href="#fn-1" id="fnref-1" aria-label="Footnote 1">1</a>' in got
        assert 'id="fnref-1-2"' in got
        assert '<li id="fn-1" class="footnote-item">' in got
        assert got.count('class="footnote-backref"') == 2


class TestImages:
    def test_own_image_has_its_size_and_variants(self) -> None:
        got = render("![a](/media/a.png)", Profile.POST, images=lambda _: IMAGE).html

        assert 'width="1200" height="800"' in got
        assert f'srcset="{IMAGE.srcset}" sizes="' in got

    def test_lookup_is_asked_for_media_only(self) -> None:
        asked: list[str] = []

        def lookup(src: str) -> ImageInfo | None:
            asked.append(src)
            return None

        markdown = "![](/media/a.png) ![](/static/b.png) ![](https://c.example/d.png)"
        render(markdown, Profile.POST, images=lookup)

        assert asked == ["/media/a.png"]


class TestWords:
    @pytest.mark.parametrize(
        ("markdown", "count"),
        [
            ("one two-three it's", 3),
            ("数据库", 3),
            ("*a* [b](c)\n\n## d", 3),
            ("a\n\n```python\nnot counted here\n```", 1),
            ("🔥 — !", 0),
        ],
    )
    def test_are_counted(self, markdown: str, count: int) -> None:
        assert render(markdown, Profile.POST).word_count == count


class TestPlainText:
    def test_is_one_line_without_signs_of_the_page(self) -> None:
        markdown = "# a & b\n\nc[^1] **d**\n\n```python\ne\n```\n\n[^1]: f g"

        assert plain_text(html(markdown)) == "a & b c d e f g"

    def test_formula_is_read_as_it_was_typed(self) -> None:
        assert plain_text(html("a $b < c$ d")) == "a b < c d"

    def test_sign_in_a_value_ends_no_tag(self) -> None:
        assert plain_text(html("[a](/b 'c > \"d\"')")) == "a"


class TestFeed:
    MARKDOWN = (
        "# a\n\n[b](/c) [d](#section-a) e[^1]\n\n![f](/media/g.png)\n\n"
        "```python\nimport h\n```\n\n|i|\n|-|\n\n- [x] j\n\n[^1]: k"
    )

    def test_addresses_are_absolute(self) -> None:
        rendered = render(self.MARKDOWN, Profile.POST, images=lambda _: IMAGE)
        got = for_feed(rendered.html, "https://blog.example")

        assert 'href="https://blog.example/c"' in got
        assert 'src="https://blog.example/media/g.png"' in got
        assert (
            'srcset="https://blog.example/media/a-480.webp 480w, '
            'https://blog.example/media/a-960.webp 960w"'
        ) in got
        assert 'href="/' not in got
        assert 'href="#' not in got

    def test_nothing_of_the_page_is_left(self) -> None:
        got = for_feed(html(self.MARKDOWN), "https://blog.example")

        for word in ("class=", "data-", "tabindex", "role=", "aria-", "id=", "<span"):
            assert word not in got

    def test_formula_is_shown_as_it_was_typed(self) -> None:
        got = for_feed(html('$a < "b"$'), "https://blog.example")

        assert got == "<p><code>a &lt; &quot;b&quot;</code></p>\n"

    def test_lines_of_code_have_no_addresses(self) -> None:
        markdown = '```python linenos title="a.py"\nb\nc\n```'
        got = for_feed(html(markdown), "https://blog.example/posts/x/")

        assert "<pre><code>b\nc\n</code></pre>" in got

    def test_embed_is_a_link(self) -> None:
        got = for_feed(html("https://youtu.be/abcdefghijk"), "https://blog.example")

        assert '<a href="https://youtu.be/abcdefghijk">' in got
        assert "youtube-nocookie" not in got

    def test_links_inside_the_page_lead_to_it(self) -> None:
        page = "https://blog.example/posts/x/"

        assert f'href="{page}#fn-1"' in for_feed(html(self.MARKDOWN), page)


class TestExcerpt:
    def test_is_of_the_running_text_alone(self) -> None:
        markdown = """\
## A heading

> [!NOTE]
> Mind *this*.

```python
x = 1
```

First words[^1] & more.

### Another

    y = 2

Last words.

[^1]: A note.
"""

        assert (
            excerpt(html(markdown), 100) == "Mind this. First words & more. Last words."
        )

    @pytest.mark.parametrize(
        ("text", "length", "short"),
        [
            ("One two three", 13, "One two three"),
            ("One two three", 12, "One two…"),
            ("One two three", 8, "One two…"),
            ("One two, three", 12, "One two…"),
            ("Ends here. And more", 12, "Ends here…"),
            ("日本語の文章です", 5, "日本語の…"),
            ("cafe\u0301s" * 2, 5, "caf…"),
            ("👩\u200d👩\u200d👧👩\u200d👩\u200d👧", 7, "👩\u200d👩\u200d👧…"),
            ("\u0301" * 20, 9, "…"),
            ("a" * 50, 10, "a" * 9 + "…"),
            ("CAFÉ\u00a0! Oui", 8, "CAFÉ\u00a0!…"),
            ("", 10, ""),
        ],
    )
    def test_ends_with_a_word(self, text: str, length: int, short: str) -> None:
        assert shorten(text, length) == short
        assert len(short) <= length


class TestSeed:
    def test_article_renders_as_its_author_meant_it(self) -> None:
        seed = corpora.path("../seed/pytorch-vs-tensorflow.md")
        body = Path(seed).read_text(encoding="utf-8").split("---", 2)[2]

        rendered = render(body, Profile.POST)

        assert [entry.level for entry in rendered.toc] == [2] * 10
        assert rendered.toc[5].text == "🛠️ 6. TensorFlow’s Early Challenges"
        assert rendered.toc[5].id == "section-6-tensorflows-early-challenges"
        assert rendered.html.count("<li>") == 3
        assert rendered.html.count('<figure class="code-block"') == 1
        assert '<span class="c"># Define two tensors</span>' in rendered.html
        assert 300 < rendered.word_count < 350


def test_filter_puts_stored_html_into_a_page() -> None:
    template = Template("{% load markup %}{{ html|stored_html }}")

    assert template.render(Context({"html": html("*a*")})) == "<p><em>a</em></p>\n"
