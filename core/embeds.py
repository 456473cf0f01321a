"""Who may be embedded: a link alone on its line becomes a card, and a frame on a click.

A leaf module without heavy imports: settings read `FRAME_SOURCES` for the
Content-Security-Policy.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True)
class Provider:
    """`address` finds a page that can be framed, `frame` is where its frame lives."""

    name: str
    noun: str
    address: re.Pattern[str]
    frame: str

    @property
    def source(self) -> str:
        """What the Content-Security-Policy has to allow."""
        return "/".join(self.frame.split("/")[:3])


@dataclass(frozen=True)
class Embed:
    provider: Provider
    frame: str


def provider(name: str, noun: str, address: str, frame: str) -> Provider:
    pattern = rf"https?://{address}(?:[?&#][^\s\"'<>]*)?"
    return Provider(name, noun, re.compile(pattern), frame)


ID = r"[\w-]{1,64}"
PROVIDERS = [
    provider(
        "YouTube",
        "video",
        r"(?:(?:www\.|m\.)?youtube\.com/(?:watch\?(?:[\w=&-]{1,80}&)?v=|shorts/|live/)"
        r"|youtu\.be/)(?P<id>[\w-]{11})",
        "https://www.youtube-nocookie.com/embed/{id}",
    ),
    provider(
        "Vimeo",
        "video",
        r"(?:www\.)?vimeo\.com/(?P<id>[0-9]{1,12})",
        "https://player.vimeo.com/video/{id}?dnt=1",
    ),
    provider(
        "TED",
        "talk",
        r"(?:www\.)?ted\.com/talks/(?P<id>\w{1,120})",
        "https://embed.ted.com/talks/{id}",
    ),
    provider(
        "Internet Archive",
        "recording",
        r"(?:www\.)?archive\.org/details/(?P<id>[\w.-]{1,100})",
        "https://archive.org/embed/{id}",
    ),
    provider(
        "Spotify",
        "recording",
        r"open\.spotify\.com/(?P<id>(?:track|album|episode|show|playlist)/\w{1,40})",
        "https://open.spotify.com/embed/{id}",
    ),
    provider(
        "SoundCloud",
        "recording",
        rf"(?P<id>(?:www\.)?soundcloud\.com/{ID}/{ID})",
        "https://w.soundcloud.com/player/?url=https%3A//{id}",
    ),
    provider(
        "CodePen",
        "pen",
        rf"(?:www\.)?codepen\.io/(?P<id>{ID}/pen/{ID})",
        "https://codepen.io/{id}?default-tab=result",
    ),
    provider(
        "CodeSandbox",
        "sandbox",
        rf"(?:www\.)?codesandbox\.io/(?:s|p/sandbox|embed)/(?P<id>{ID})",
        "https://codesandbox.io/embed/{id}",
    ),
]

FRAME_SOURCES = sorted({provider.source for provider in PROVIDERS})


def find_embed(url: str) -> Embed | None:
    """The frame for a page of a listed provider. The address has to be that page's."""
    for candidate in PROVIDERS:
        if match := candidate.address.fullmatch(url):
            identifier = match["id"]
            if candidate.name == "CodePen":
                identifier = identifier.replace("/pen/", "/embed/")
            return Embed(
                candidate, candidate.frame.format(id=quote(identifier, safe="/._-"))
            )
    return None


def is_frame(url: str) -> bool:
    """Whether the address is of the shape that `find_embed` gives."""
    return any(
        url.startswith(provider.frame.split("{")[0])
        and re.fullmatch(r"[\w/.%?=&:-]{1,300}", url.removeprefix("https:"))
        for provider in PROVIDERS
    )
