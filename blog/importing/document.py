"""A file as a post to be: what it says about itself, and its words."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt

from blog.importing import front_matter, text_shape
from blog.importing.dates import parse_moment
from blog.importing.encoding import decode
from blog.importing.errors import FileRefused
from blog.importing.repair import repair
from blog.models import BODY_MAX_LENGTH
from core.invisible import shows_something, without_bidi
from core.markup import shorten
from core.slugs import slugify

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import PurePath

TITLE_MAX_LENGTH = 200
SUMMARY_MAX_LENGTH = 400
# Longer ones are no titles, and some take very long to parse.
HEADING_MAX_LENGTH = 1000
PLAIN_TEXT = ".txt"
DATED_NAME = re.compile(r"(?P<date>\d{4}-\d{1,2}-\d{1,2})-(?P<rest>.+)")
DATED_PATH = re.compile(r"(?:[^/]+/)*(?P<date>\d{4}/\d{1,2}/\d{1,2})/[^/]+/?")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})?")
BLANK_START = re.compile(r"\A(?:[ \t]*\n)+")


@dataclass(frozen=True)
class Document:
    """A post to be. `slug` is what the front matter says, `slug_hint` a file's name.

    `digest` is the same for files that say the same, front matter included.
    """

    title: str
    body: str
    summary: str = ""
    slug: str = ""
    slug_hint: str = ""
    date: datetime | None = None
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    language: str = ""
    cover: str = ""
    cover_alt: str = ""
    is_draft: bool = False
    is_featured: bool = False
    is_scheduled: bool = False
    digest: str = field(default="", compare=False)


@dataclass(frozen=True)
class Heading:
    level: int
    text: str
    start: int
    end: int


def parse(data: bytes, path: PurePath) -> Document:
    """Make a post of a file's bytes; its name gives what it does not say itself.

    Raises `FileRefused` with the reason.
    """
    meta, text = front_matter.split(repair(decode(data)))
    is_plain = path.suffix.lower() == PLAIN_TEXT
    lines, posted_on = shape(text.split("\n"), is_plain=is_plain)
    title, body = titled("\n".join(lines), front_matter.text_of(meta.get("title")))
    named_on, name = split_name(path.stem)
    said_on = date_of(meta) or posted_on
    needs_name = not title or bool(named_on and not said_on)
    if not title and not body.strip():
        raise FileRefused("it has no words")
    return Document(
        title=check_title(title or title_from_name(name)),
        body=check_body(body),
        summary=summary_of(meta),
        slug=slug_of(meta),
        slug_hint=name if named_on else "",
        date=said_on or named_on,
        tags=tuple(front_matter.list_of(meta.get("tags") or meta.get("tag"))),
        authors=tuple(authors_of(meta)),
        language=language_of(meta),
        cover=front_matter.text_of(meta.get("cover")),
        cover_alt=front_matter.text_of(meta.get("cover_alt")),
        is_draft=front_matter.is_true(meta.get("draft"))
        or front_matter.is_false(meta.get("published")),
        is_featured=front_matter.is_true(meta.get("featured")),
        is_scheduled=front_matter.is_true(meta.get("scheduled")),
        digest=digest_of(meta, text, path.stem if needs_name else ""),
    )


def digest_of(meta: Mapping[str, Any], text: str, name: str) -> str:
    """`name` is the file's, where it says what is not said in the file."""
    said = json.dumps([meta, text.strip(), name], default=str, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def shape(lines: list[str], *, is_plain: bool) -> tuple[list[str], datetime | None]:
    if is_plain:
        lines = text_shape.footer_dropped(lines)
    lines, posted_on = without_posted_on(lines)
    if is_plain:
        lines = text_shape.code_fenced(lines)
        lines = text_shape.headings_marked(lines)
    return text_shape.bullets_listed(lines), posted_on


def without_posted_on(lines: list[str]) -> tuple[list[str], datetime | None]:
    kept: list[str] = []
    found: datetime | None = None
    fenced = text_shape.fenced_lines(lines)
    for line, is_fenced in zip(lines, fenced, strict=True):
        match = None if is_fenced else text_shape.POSTED_ON.fullmatch(line)
        moment = parse_moment(match["date"]) if match else None
        if moment is None:
            kept.append(line)
        found = found or moment
    return kept, found


def titled(text: str, title: str) -> tuple[str, str]:
    """The title, and the text without the headings that repeat it."""
    headings = headings_of(text)
    if not title and headings:
        first = next((found for found in headings if found.level == 1), headings[0])
        title = first.text
        repeated = [first]
    else:
        repeated = []
    repeated += [
        found
        for found in headings
        if found not in repeated and found.level == 1 and same(found.text, title)
    ]
    lines = text.split("\n")
    for heading in sorted(repeated, key=lambda found: found.start, reverse=True):
        start, end = heading.start, heading.end
        if end < len(lines) and not lines[end].strip():
            end += 1
        del lines[start:end]
    body = BLANK_START.sub("", "\n".join(lines)).rstrip("\n")
    return title, body


def headings_of(text: str) -> list[Heading]:
    tokens = MarkdownIt("commonmark").disable("inline").parse(text)
    return [
        Heading(
            int(token.tag[1]),
            plain(tokens[index + 1].content[:HEADING_MAX_LENGTH]),
            *token.map,
        )
        for index, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0 and token.map
    ]


def plain(heading: str) -> str:
    """A heading's words without its Markdown."""
    tokens = MarkdownIt("commonmark").parseInline(heading)[0].children or []
    return "".join(
        " " if token.type in {"softbreak", "hardbreak"} else token.content
        for token in tokens
        if token.type != "html_inline"
    )


def same(heading: str, title: str) -> bool:
    return heading.split() == title.split()


def split_name(stem: str) -> tuple[datetime | None, str]:
    """Date and rest of a name such as `2024-11-26-why-we-moved`."""
    if match := DATED_NAME.fullmatch(stem):
        return parse_moment(match["date"]), match["rest"]
    return None, stem


def title_from_name(name: str) -> str:
    words = " ".join(re.sub(r"[-_]+", " ", name).split())
    return words[:1].upper() + words[1:]


def check_title(title: str) -> str:
    title = without_bidi(title)
    if not shows_something(title):
        raise FileRefused("it has no title")
    if len(title) > TITLE_MAX_LENGTH:
        raise FileRefused(f"its title has more than {TITLE_MAX_LENGTH} characters")
    return title


def check_body(body: str) -> str:
    if len(body) > BODY_MAX_LENGTH:
        raise FileRefused(f"it has more than {BODY_MAX_LENGTH:,} characters")
    return body


def slug_of(meta: Mapping[str, Any]) -> str:
    wish = front_matter.text_of(meta.get("slug"))
    slug = slugify(wish)
    if wish and not slug:
        raise FileRefused(f"“{wish[:60]}” cannot be a slug")
    return slug


def date_of(meta: Mapping[str, Any]) -> datetime | None:
    value = meta.get("date")
    if not value:
        path = DATED_PATH.fullmatch(front_matter.text_of(meta.get("path")))
        return parse_moment(path["date"]) if path else None
    moment = parse_moment(value)
    if moment is None:
        raise FileRefused(f"“{str(value)[:60]}” is not a date")
    return moment


def authors_of(meta: Mapping[str, Any]) -> list[str]:
    value = meta.get("author") or meta.get("authors")
    if isinstance(value, list):
        names = front_matter.list_of(value)
    else:
        names = [front_matter.text_of(value)]
    return [name.removeprefix("@") for name in names if name]


def summary_of(meta: Mapping[str, Any]) -> str:
    for key in ("summary", "description", "excerpt"):
        if text := front_matter.text_of(meta.get(key)):
            return shorten(text, SUMMARY_MAX_LENGTH)
    return ""


def language_of(meta: Mapping[str, Any]) -> str:
    text = front_matter.text_of(meta.get("language") or meta.get("lang"))
    return text if LANGUAGE.fullmatch(text) else ""
