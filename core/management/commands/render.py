"""The markup pipeline on standard input, for tests, scripts and the curious."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, BinaryIO

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core import markup
from core.markup.bare import BareProfile, render_bare

if TYPE_CHECKING:
    from argparse import ArgumentParser

FEED = "feed"
PROFILES = [*BareProfile, *markup.Profile, FEED]


class Command(BaseCommand):
    help = (
        "Render Markdown from standard input to HTML on standard output; both are "
        "UTF-8. Asks no database: sizes of pictures and people are not looked up."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--profile", choices=PROFILES, required=True)
        parser.add_argument(
            "--jsonl",
            action="store_true",
            help='One object a line in, {"markdown": …}, and one a line out, in order: '
            '{"html": …, "toc": […], "words": N}, or {"error": …} and the next.',
        )

    def handle(self, *args: Any, **options: Any) -> None:
        profile: str = options["profile"]
        if options["jsonl"]:
            self.answer_lines(sys.stdin.buffer, sys.stdout.buffer, profile)
            return
        try:
            text = sys.stdin.buffer.read().decode()
            sys.stdout.buffer.write(render(text, profile)["html"].encode())
        except UnicodeDecodeError as error:
            raise CommandError("The text is not UTF-8.") from error
        except markup.MarkupRefused as refusal:
            raise CommandError(str(refusal)) from refusal

    def answer_lines(self, lines: BinaryIO, out: BinaryIO, profile: str) -> None:
        for line in lines:
            if line.strip():
                out.write(json.dumps(answer(line, profile)).encode() + b"\n")
                out.flush()


def answer(line: bytes, profile: str) -> dict[str, Any]:
    """What one line of JSON asks for; whatever is wrong with it is an `error`."""
    try:
        asked = json.loads(line)
    except ValueError:
        return {"error": "The line is not JSON in UTF-8."}
    except RecursionError:
        return {"error": "The line is nested too deeply."}
    text = asked.get("markdown") if isinstance(asked, dict) else None
    if not isinstance(text, str):
        return {"error": 'The line is not an object with a text "markdown".'}
    try:
        return render(text, profile)
    except markup.MarkupRefused as refusal:
        return {"error": str(refusal)}
    # A fault at one line must not keep the others from their answers.
    except Exception as error:
        return {"error": f"The renderer failed: {error!r}"}


def render(text: str, profile: str) -> dict[str, Any]:
    if profile in set(BareProfile):
        html = render_bare(text, BareProfile(profile))
        return {"html": html, "toc": [], "words": markup.count_words(html)}
    is_feed = profile == FEED
    rendered = markup.render(
        text, markup.Profile.POST if is_feed else markup.Profile(profile)
    )
    html = rendered.html
    return {
        "html": markup.for_feed(html, settings.ORIGIN) if is_feed else html,
        "toc": [vars(entry) for entry in rendered.toc],
        "words": rendered.word_count,
    }
