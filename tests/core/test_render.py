from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

OWN = ("DATABASE_URL", "BYLINE_ORIGIN", "DJANGO_SETTINGS_MODULE")


def run(
    tmp_path: Path, text: bytes, *arguments: str
) -> subprocess.CompletedProcess[bytes]:
    environment = {k: v for k, v in os.environ.items() if k not in OWN}
    return subprocess.run(
        [sys.executable, "manage.py", "render", *arguments],
        cwd=settings.BASE_DIR,
        env=environment | {"BYLINE_DATA_DIR": str(tmp_path / "var")},
        input=text,
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("profile", "html"),
    [
        ("commonmark", '<p>&quot;a&quot; ~~b~~ <b>c</b> <a href="/d">é</a></p>\n'),
        ("gfm", '<p>&quot;a&quot; <del>b</del> <b>c</b> <a href="/d">é</a></p>\n'),
        ("post", '<p>“a” <del>b</del> <b>c</b> <a href="/d">é</a></p>\n'),
        (
            "comment",
            '<p>"a" <del>b</del> &lt;b&gt;c&lt;/b&gt; '
            '<a href="/d" rel="nofollow ugc noopener">é</a></p>\n',
        ),
        (
            "feed",
            "<p>“a” <del>b</del> <b>c</b> "
            '<a href="http://127.0.0.1:8000/d">é</a></p>\n',
        ),
    ],
)
def test_each_profile_renders_standard_input(
    profile: str, html: str, tmp_path: Path
) -> None:
    done = run(tmp_path, '"a" ~~b~~ <b>c</b> [é](/d)'.encode(), "--profile", profile)

    assert done.stdout.decode() == html
    assert done.returncode == 0
    assert done.stderr == b""
    assert not (tmp_path / "var" / "postgres").exists()


def test_lines_are_answered_in_order_whatever_they_hold(tmp_path: Path) -> None:
    lines = [
        json.dumps({"markdown": "## é *b*\n\nc d"}),
        json.dumps({"markdown": "a\0b"}),
        '{"markdown": "\\ud800"}',
        "{",
        "[]",
        '{"markdown": 1}',
        "",
        json.dumps({"markdown": "x" * 300_001}),
        json.dumps({"markdown": "last"}),
    ]
    text = "\n".join(lines).encode() + b"\n\xff\n"
    done = run(tmp_path, text, "--profile", "post", "--jsonl")
    answers = [json.loads(line) for line in done.stdout.splitlines()]

    assert done.returncode == 0
    assert answers[0]["toc"] == [{"level": 2, "id": "section-é-b", "text": "é b"}]
    assert answers[0]["words"] == 4
    assert answers[0]["html"].startswith('<h2 id="section-é-b">é <em>b</em>')
    assert [sorted(answer) for answer in answers[1:7]] == [["error"]] * 6
    assert answers[7]["html"] == "<p>last</p>\n"
    assert sorted(answers[8]) == ["error"]


def test_each_line_is_answered_before_the_next_is_there(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "manage.py", "render", "--profile", "gfm", "--jsonl"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"BYLINE_DATA_DIR": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin
        assert process.stdout
        for word in ("a", "b"):
            process.stdin.write(json.dumps({"markdown": word}).encode() + b"\n")
            process.stdin.flush()
            answer = json.loads(process.stdout.readline())
            assert answer == {"html": f"<p>{word}</p>\n", "toc": [], "words": 1}
        process.stdin.close()

    assert process.returncode == 0


@pytest.mark.parametrize(
    ("text", "sentence"), [(b"\xff", b"not UTF-8"), (b"a\0b", b"NUL")]
)
def test_refusal_is_one_sentence(text: bytes, sentence: bytes, tmp_path: Path) -> None:
    done = run(tmp_path, text, "--profile", "comment")

    assert done.returncode == 1
    assert done.stdout == b""
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1
