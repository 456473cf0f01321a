"""How to write: every example is shown as it is typed and as it is rendered.

`posts.md` and `comments.md` hold the chapters: a title, what it is about, a line of
five equals signs, and the example.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.templatetags.static import static

from core import markup
from core.slugs import slugify

CHAPTERS = Path(__file__).parent
TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
EXAMPLE = "\n=====\n"
# The picture that an example speaks of: one that every blog has.
PICTURE = "/media/example.png"
PICTURE_SIZE = markup.ImageInfo(1200, 630)


@dataclass(frozen=True)
class Chapter:
    slug: str
    title: str
    about_html: str
    source_html: str
    result_html: str


@cache
def chapters() -> list[Chapter]:
    """All chapters. Rendered once in a process, since they only change with it."""
    return [
        chapter(title.strip(), text, profile)
        for name, profile in (
            ("posts", markup.Profile.POST),
            ("comments", markup.Profile.COMMENT),
        )
        for title, text in parts((CHAPTERS / f"{name}.md").read_text("utf-8"))
    ]


def parts(text: str) -> list[tuple[str, str]]:
    _, *found = TITLE.split(text)
    return list(zip(found[::2], found[1::2], strict=True))


def chapter(title: str, text: str, profile: markup.Profile) -> Chapter:
    about, source = text.split(EXAMPLE)
    slug = slugify(title)
    example = source.strip()
    fence = f"`````markdown\n{example}\n`````"
    result = markup.render(
        example,
        profile,
        anchor=slug,
        images=lambda _: PICTURE_SIZE,
    )
    return Chapter(
        slug=slug,
        title=title,
        about_html=markup.render(about, markup.Profile.POST, anchor=slug).html,
        source_html=markup.render(
            fence, markup.Profile.POST, anchor=f"source-{slug}"
        ).html,
        result_html=result.html.replace(PICTURE, static("images/share.png")),
    )
