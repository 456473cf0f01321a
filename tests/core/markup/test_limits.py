from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from functools import cache

import pytest
from django.conf import settings

from core.markup import MarkupRefused, Profile, render
from tests import corpora

# How many times an ordinary text of a third of the length a hostile one may cost.
# Seconds would measure the machine.
TIMES = {Profile.POST: 5, Profile.COMMENT: 6}
LENGTH = {Profile.POST: 300_000, Profile.COMMENT: 20_000}
# Shapes of our own that cost an engine or a sanitizer most, as (unit, repeated whole).
SHAPES = {
    "colons": "a:",
    "braces": "{",
    "addresses": "http://a.b/ ",
    "brackets": "[a",
    "footnotes": "^[",
    "quotes": "> a\n",
    "items": "- a\n",
    "headings": "# a\n\n",
    "emphasis": "*a* ",
    "code": "`a` ",
    "links": "[a](b) ",
    "lines": "a\n",
    "tags": "<b>a</b>",
    "open tags": "<b>",
    "attributes": "a=1 ",
    "definitions": "a\n: b\n\n",
    "fences": "```\n",
    "entities": "&amp;",
    "digits": "&#0",
    "rows": "|a|b|\n|-|-|\n",
    "formulas": "$a$ ",
    "dollars": "$ ",
    "escaped dollars": r"$\$",
    "formula blocks": "$$ a\n",
    "deep formulas": "$" + "{" * 20 + "a" + "}" * 20 + "$ ",
    "roots": r"$\sqrt{a}^{b}_{c}$ ",
    "single quotes": "'a ",
    "double quotes": '"a" ',
    "dashes": "a--b ",
    "shortcodes": ":tada: ",
    "abbreviations": "*[a]: b\na a a a a a\n\n",
    "mentions": "@somebody ",
    "embeds": "https://youtu.be/abcdefghijk\n\n",
    "lines of code": "```python linenos\n" + "x = 1\n" * 200 + "```\n",
    "changes": "```python diff\n" + "+x = 1\n" * 20 + "```\n",
}


def repeated(unit: str, length: int) -> str:
    return (unit * (length // len(unit) + 1))[:length]


def seconds(text: str, profile: Profile) -> float:
    began = time.thread_time()
    with suppress(MarkupRefused):
        render(text, profile)
    return time.thread_time() - began


def is_in_time(text: str, profile: Profile) -> bool:
    """Whether it costs little beside plain writing, in one of three tries.

    The machine may be busy with other things during one of two measurements.
    """
    for _ in range(3):
        if seconds(text, profile) < TIMES[profile] * ordinary(profile):
            return True
        ordinary.cache_clear()
    return False


@cache
def ordinary(profile: Profile) -> float:
    """What plain writing of a third of the length costs, here and now."""
    unit = "Some *plain* words with [a link](https://example.org/) in `them`.\n\n"
    text = unit * (LENGTH[profile] // 3 // len(unit))
    return min(seconds(text, profile) for _ in range(2))


@pytest.mark.parametrize("profile", Profile)
class TestHostileShapes:
    @pytest.mark.parametrize("share", [1, 10])
    @pytest.mark.parametrize("unit", SHAPES.values(), ids=SHAPES.keys())
    def test_is_rendered_or_refused_in_time(
        self, unit: str, share: int, profile: Profile
    ) -> None:
        length = LENGTH[profile] // share

        assert is_in_time(repeated(unit, length), profile)

    def test_generators_of_the_corpus_end_in_time(self, profile: Profile) -> None:
        slow = []
        for case in corpora.load("naughty/pathological-inputs.json"):
            try:
                text = eval(case["generator"])  # noqa: S307
            except SyntaxError:
                continue  # described in words: not about text
            if not is_in_time(text[: LENGTH[profile]].replace("\0", ""), profile):
                slow.append(case["name"])

        assert slow == []


def test_hostile_shapes_take_little_memory() -> None:
    code = (
        "import resource\n"
        "from contextlib import suppress\n"
        "from core.markup import MarkupRefused, Profile, render\n"
        "from tests.core.markup.test_limits import SHAPES, repeated\n"
        "def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "before = peak()\n"
        "for unit in SHAPES.values():\n"
        "    with suppress(MarkupRefused):\n"
        "        render(repeated(unit, 300_000), Profile.POST)\n"
        "print((peak() - before) // 1024)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        stdout=subprocess.PIPE,
        check=True,
    )

    assert int(done.stdout) < 200


@pytest.mark.parametrize("profile", Profile)
def test_longest_text_is_taken(profile: Profile) -> None:
    text = ("word " * 20 + "\n\n") * (LENGTH[profile] // 102)

    assert render(text, profile).word_count == LENGTH[profile] // 102 * 20


@pytest.mark.parametrize("profile", Profile)
def test_longer_text_is_refused(profile: Profile) -> None:
    with pytest.raises(MarkupRefused, match="characters long"):
        render("a" * (LENGTH[profile] + 1), profile)


def test_line_ends_of_forms_count_once() -> None:
    assert render("a\r\n" * 6_000, Profile.POST).word_count == 6_000


@pytest.mark.parametrize(
    ("text", "word"),
    [("a\0b", "NUL"), ("a\ud800b", "surrogate"), ("\udc00", "surrogate")],
)
@pytest.mark.parametrize("profile", Profile)
def test_what_cannot_be_stored_is_refused(
    text: str, word: str, profile: Profile
) -> None:
    with pytest.raises(MarkupRefused, match=word):
        render(text, profile)


@pytest.mark.parametrize(
    "text",
    [">" * 100 + " a", "".join("  " * n + "- a\n" for n in range(100)), "<i>" * 100],
    ids=["quotes", "lists", "html"],
)
def test_nesting_of_a_hundred_is_taken(text: str) -> None:
    assert "a" in render(text + "a", Profile.POST).html


@pytest.mark.parametrize(
    "text",
    [
        ">" * 101 + " a",
        "".join("  " * n + "- a\n" for n in range(101)),
        "[" * 120 + "a",
        "*a **a " * 120 + "b" + " a** a*" * 120,
        "<div>" * 400,
        "<b><x title='</b>'>" * 400,
    ],
    ids=["quotes", "lists", "brackets", "emphasis", "html", "hidden html"],
)
def test_deeper_nesting_is_refused(text: str) -> None:
    with pytest.raises(MarkupRefused, match="nested"):
        render(text, Profile.POST)


def test_many_attributes_are_refused() -> None:
    tag = "<p " + " ".join(f"a{n}=1" for n in range(200)) + ">"

    with pytest.raises(MarkupRefused, match="attributes"):
        render(tag, Profile.POST)


def test_brackets_in_code_do_not_count() -> None:
    assert "<code>" in render("`" + "[" * 500 + "`", Profile.POST).html


def test_control_characters_are_dropped() -> None:
    assert render("a\x01b\x1b\x7fc", Profile.POST).html == "<p>abc</p>\n"
