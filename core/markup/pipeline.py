"""From a writer's text to what is stored: limits, engine, sanitizer, in this order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from core.markup.budget import Budget
from core.markup.engine import engine
from core.markup.headings import TocEntry
from core.markup.identifiers import Identifiers
from core.markup.images import ImageInfo, ImageLookup
from core.markup.limits import LIMITS, Profile, check_html, check_source
from core.markup.mentions import PeopleLookup
from core.markup.output import plain_text
from core.markup.sanitize import sanitize

__all__ = [
    "RENDERER_VERSION",
    "ImageInfo",
    "Rendered",
    "TocEntry",
    "count_words",
    "render",
]

# To be raised whenever the same text gives other HTML: stored HTML is then stale.
RENDERER_VERSION = 4

REL = {Profile.POST: "", Profile.COMMENT: "nofollow ugc noopener"}
CODE_BLOCK = re.compile(
    r'<figure class="code-block".*?</figure>|<pre>.*?</pre>', re.DOTALL
)
INVISIBLE = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
# A word, or one sign of a script that is written without spaces.
WORD = re.compile(
    "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f]"
    "|[^\\W_\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f]+"
    "(?:['\u2019-][^\\W_\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+)*"
)


@dataclass(frozen=True)
class Rendered:
    html: str
    toc: list[TocEntry]
    word_count: int


def render(
    text: str,
    profile: Profile,
    *,
    anchor: str = "",
    images: ImageLookup | None = None,
    language: str = "en",
    people: PeopleLookup | None = None,
    shows_pictures: bool | None = None,
) -> Rendered:
    """Safe HTML of a text, its headings and its length in words.

    `anchor` is what ids begin with where a page shows several texts. `images` is asked
    once for each picture under `/media/`, `people` once for all handles that are
    mentioned in a comment: it gives the addresses of those that have a page. Quotation
    marks and dashes in a post are those of `language`. Pictures are shown in posts and
    are links in comments, unless `shows_pictures` says otherwise.

    Raises MarkupRefused for a text beyond the profile's limits; whatever is taken ends
    within seconds.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    limits = LIMITS[profile]
    check_source(text, limits)
    text = INVISIBLE.sub("", text)
    env: dict[str, Any] = {
        "anchor": anchor,
        "budget": Budget(limits),
        "has_maths": profile is Profile.POST,
        "identifiers": Identifiers(),
        "images": images,
        "language": language,
        "limits": limits,
        "people": people,
        "profile": profile,
        "rel": REL[profile],
        "shows_pictures": profile is Profile.POST
        if shows_pictures is None
        else shows_pictures,
        "toc": [],
    }
    html = engine(profile).render(text, env)
    check_html(html, limits)
    html = sanitize(html, profile)
    return Rendered(html, env["toc"], count_words(html))


def count_words(html: str) -> int:
    """The words of rendered HTML, without those of code blocks."""
    return len(WORD.findall(plain_text(CODE_BLOCK.sub(" ", html))))
