from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from blog.importing.repair import BYTES_OF, repair

CORPORA = Path(os.environ.get("BYLINE_CORPORA", "../shared/corpora"))
SURE_SIGN = "đź’ľ\n"


def damaged(text: str, encoding: str) -> str:
    char_of = {byte: char for char, byte in BYTES_OF[encoding].items()}
    return "".join(char_of.get(byte, chr(byte)) for byte in text.encode())


@pytest.mark.parametrize(
    ("found", "meant"),
    [
        ("đź’ľ", "💾"),
        ("đź’ˇ What do you think?", "💡 What do you think?"),
        ("đź’Ľ", "💼"),
        ("đź’– đź’Ş đź™… đźš©", "💖 💪 🙅 🚩"),
        ("ðŸ’¾ and ðŸš€", "💾 and 🚀"),
        ("“đź’ľ”", "“💾”"),
        ("saveđź’ľnow", "save💾now"),
    ],
)
def test_damaged_emoji_are_put_right(found: str, meant: str) -> None:
    assert repair(found) == meant


@pytest.mark.parametrize("encoding", ["cp1250", "cp1252"])
@pytest.mark.parametrize(
    "emoji",
    ["⚙️", "🛠️", "1️⃣", "👩🏽‍🎨", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🇩🇪", "✅", "☺️", "❤️‍🔥", "₥", "→", "©", "🫩"],
)
def test_every_part_of_an_emoji_comes_back(emoji: str, encoding: str) -> None:
    meant = f"🚀 {emoji} /{emoji}V"

    assert repair(damaged(meant, encoding)) == meant


def test_symbols_are_repaired_only_beside_a_sure_sign() -> None:
    assert repair("/â‚ĄV") == "/â‚ĄV"
    assert repair("/â‚ĄV\nđź’ľ") == "/₥V\n💾"


@pytest.mark.parametrize(
    "text",
    [
        "„CASĂ”",
        "CASĂ—MARE",
        "CAFÉ\u00a0!",
        "Zażółć gęślą jaźń",
        "Příšerně žluťoučký kůň v plášti",
        "đây là tiếng Việt",
        "međuvremenu źdźbło",
        "naïve façade, œuvre, Ærø, Þórður",
        "“quoted” ‘words’ – and — dashes… • bullets",
        "Ă— a șaptea",
        "20\u00a0°C ± 1 × 3 ÷ 2 £5 §7",
        "🛠️ 🔥 👩🏽‍🎨",
        "съешь ещё 永 مرحبا",
        "\ud800",
    ],
)
def test_undamaged_text_is_unchanged_even_in_a_damaged_file(text: str) -> None:
    assert repair(text) == text
    assert repair(SURE_SIGN + text) == "💾\n" + text


def naughty_strings() -> list[str]:
    folder = CORPORA / "naughty"
    if not folder.is_dir():
        return []
    named = json.loads((folder / "unicode-and-names.json").read_text())
    listed = json.loads((folder / "blns.json").read_text())
    texts = [entry["value"] for entry in named] + listed
    return [text for text in texts if isinstance(text, str)]


@pytest.mark.skipif(not naughty_strings(), reason=f"no corpora in {CORPORA}")
def test_naughty_strings_are_unchanged() -> None:
    changed = [text for text in naughty_strings() if repair(text) != text]

    assert changed == []


@pytest.mark.skipif(not naughty_strings(), reason=f"no corpora in {CORPORA}")
def test_naughty_strings_are_unchanged_in_a_damaged_file() -> None:
    changed = [
        text for text in naughty_strings() if repair(SURE_SIGN + text) != "💾\n" + text
    ]

    assert changed == []
