from __future__ import annotations

import pytest

from core.markup import ImageInfo, Profile, for_feed, plain_text, render
from core.markup.sanitize import sanitize
from tests.core.markup.html_rules import broken_rules, canonical, elements, oracle

WEBP = "/media/a-480.webp 480w, /media/a-960.webp 960w"
AVIF = "/media/a-480.avif 480w, /media/a-960.avif 960w"
IMAGE = ImageInfo(1200, 800, WEBP, AVIF)
SIZES = 'sizes="(max-width: 48rem) 100vw, 48rem"'
SOURCE = f'<source type="image/avif" srcset="{AVIF}" {SIZES}>'
IMG = (
    f'<img src="/media/a.png" alt="a" width="1200" height="800" srcset="{WEBP}" '
    f'{SIZES} loading="lazy" decoding="async">'
)
PICTURE = f"<picture>{SOURCE}{IMG}</picture>"
HOSTILE = [
    "<source src=https://tracker.example/x.png>",
    "<source src=/media/a.png>",
    "<picture><source srcset='https://tracker.example/p.gif 1w'><img></picture>",
    "<picture><source srcset='//tracker.example/p.gif 1w' type=image/webp></picture>",
    "<picture><source srcset='/media/a.webp 1w, https://t.example/p 2w'></picture>",
    "<picture><source srcset='/media/../accounts/logout/ 1w'></picture>",
    "<picture><source srcset='/media/..%2fx.png 1w'></picture>",
    "<picture><source srcset='/accounts/logout/ 1w' type=image/avif></picture>",
    "<picture><source type=text/html srcset='data:text/html,x 1w'></picture>",
    "<picture><source type='image/svg+xml' srcset='/media/a.svg 1w'></picture>",
    "<picture><source media=all srcset='javascript:alert(1) 1w'></picture>",
    "<picture onclick=alert(1)><source onerror=alert(1) style=x></picture>",
    "<picture><source/srcset=/media/a.webp&#32;1w,//t.example/p&#32;2w></picture>",
    "<video><source onerror=alert(1) src=//t.example></video>",
    "<audio src=//t.example/x><source src=//t.example/y></audio>",
    "<picture><source\nsrcset='https://tracker.example/p.gif'\n><img src=x></picture>",
    "<div><source\n\nsrcset='https://tracker.example/p.gif'></div>",
    "<picture><picture><source srcset='//t.example/p'></picture></picture>",
    "<svg><picture><source srcset='//t.example/p'></picture></svg>",
]


def html(markdown: str) -> str:
    return render(markdown, Profile.POST, images=lambda _: IMAGE).html


class TestChoice:
    @pytest.mark.parametrize(
        ("markdown", "expected"),
        [
            pytest.param("![a](/media/a.png)", f"<p>{PICTURE}</p>\n", id="alone"),
            pytest.param(
                '![a](/media/a.png "c")',
                f"<figure>{PICTURE}\n<figcaption>c</figcaption>\n</figure>\n",
                id="with a caption",
            ),
            pytest.param(
                "[![a](/media/a.png)](/b)",
                f'<p><a href="/b">{PICTURE}</a></p>\n',
                id="in a link",
            ),
            pytest.param('<img src="/media/a.png" alt=a>', PICTURE, id="in html"),
            pytest.param(
                "x <img alt=a src=/media/a.png> y",
                f"<p>x {PICTURE} y</p>\n",
                id="inline",
            ),
            pytest.param(
                "<picture><source srcset=/media/b.webp type=image/webp>"
                '<img src="/media/a.png" alt="a"></picture>',
                f"<p>{PICTURE}</p>\n",
                id="in a picture of the writer's",
            ),
        ],
    )
    def test_is_offered_where_there_is_one(self, markdown: str, expected: str) -> None:
        assert html(markdown) == expected

    def test_is_what_the_sanitizer_lets_through(self) -> None:
        assert sanitize(PICTURE, Profile.POST) == PICTURE
        assert canonical(oracle(PICTURE, Profile.POST)) == canonical(PICTURE)
        assert broken_rules(PICTURE) == []

    def test_is_not_for_comments(self) -> None:
        got = render(PICTURE, Profile.COMMENT, images=lambda _: IMAGE).html

        assert {element.tag for element in elements(got)} & {
            "picture",
            "source",
        } == set()


class TestElsewhere:
    def test_feeds_show_the_picture_inside(self) -> None:
        got = for_feed(html("![a](/media/a.png)"), "https://blog.example")

        assert "<picture" not in got
        assert "<source" not in got
        assert "avif" not in got
        assert '<p><img src="https://blog.example/media/a.png"' in got

    def test_words_are_the_same(self) -> None:
        assert plain_text(html("b ![a](/media/a.png) c")) == "b c"


@pytest.mark.parametrize("payload", HOSTILE)
class TestHostile:
    def test_writer_chooses_no_file(self, payload: str) -> None:
        got = html(payload)

        assert broken_rules(got) == []
        assert canonical(oracle(got, Profile.POST)) == canonical(got)
        sources = [element for element in elements(got) if element.tag == "source"]
        assert all(source.attrib.get("srcset", AVIF) == AVIF for source in sources)

    def test_sanitizer_alone_lets_nothing_load(self, payload: str) -> None:
        got = sanitize(payload, Profile.POST)

        assert broken_rules(got) == []
        sources = [element for element in elements(got) if element.tag == "source"]
        assert all(set(source.attrib) <= {"type"} for source in sources)
