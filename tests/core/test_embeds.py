from __future__ import annotations

import pytest
from django.conf import settings

from core.embeds import FRAME_SOURCES, find_embed, is_frame

YOUTUBE = "https://www.youtube-nocookie.com/embed/abcdefghijk"


@pytest.mark.parametrize(
    ("url", "frame"),
    [
        ("https://www.youtube.com/watch?v=abcdefghijk", YOUTUBE),
        ("https://www.youtube.com/watch?t=1&v=abcdefghijk&x=1", YOUTUBE),
        ("https://youtu.be/abcdefghijk?t=10", YOUTUBE),
        ("https://m.youtube.com/shorts/abcdefghijk", YOUTUBE),
        ("https://vimeo.com/123", "https://player.vimeo.com/video/123?dnt=1"),
        (
            "https://codepen.io/a/pen/b",
            "https://codepen.io/a/embed/b?default-tab=result",
        ),
        (
            "https://open.spotify.com/track/abc",
            "https://open.spotify.com/embed/track/abc",
        ),
        (
            "https://soundcloud.com/a/b",
            "https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/a/b",
        ),
    ],
)
def test_page_of_a_provider_can_be_embedded(url: str, frame: str) -> None:
    embed = find_embed(url)

    assert embed
    assert embed.frame == frame
    assert is_frame(frame)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.youtube.com/",
        "https://www.youtube.com/watch?v=short",
        "https://youtube.com.evil.example/watch?v=abcdefghijk",
        "https://evil.example/https://youtu.be/abcdefghijk",
        "javascript:https://youtu.be/abcdefghijk",
        "https://vimeo.com/about",
    ],
)
def test_other_addresses_cannot(url: str) -> None:
    assert find_embed(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "javascript:alert(1)",
        'https://www.youtube-nocookie.com/embed/"><script>',
        "https://www.youtube-nocookie.com.evil.example/embed/x",
        "//www.youtube-nocookie.com/embed/x",
    ],
)
def test_other_frames_are_refused(url: str) -> None:
    assert not is_frame(url)


def test_policy_allows_these_frames_and_no_others() -> None:
    assert [source for source in settings.SECURE_CSP["frame-src"] if "/" in source] == (
        FRAME_SOURCES
    )
