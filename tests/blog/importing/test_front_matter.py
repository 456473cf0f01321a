from __future__ import annotations

import pytest

from blog.importing import front_matter
from blog.importing.errors import FileRefused


class TestSplit:
    def test_reads_yaml(self) -> None:
        meta, body = front_matter.split("---\ntitle: A\n---\nWords\n")

        assert meta == {"title": "A"}
        assert body == "Words\n"

    def test_reads_toml(self) -> None:
        meta, body = front_matter.split('+++\ntitle = "A"\ndraft = true\n+++\n\nWords')

        assert meta == {"title": "A", "draft": True}
        assert body == "\nWords"

    def test_yaml_may_end_in_dots_and_be_empty(self) -> None:
        assert front_matter.split("---\ntitle: A\n...\nB") == ({"title": "A"}, "B")
        assert front_matter.split("---\n---\nB") == ({}, "B")
        assert front_matter.split("---  \nx: y\n---") == ({"x": "y"}, "")

    def test_values_stay_as_typed(self) -> None:
        meta, _ = front_matter.split("---\ntitle: 20\nslug: no\ndate: 2024-1-2\n---\n")

        assert meta == {"title": "20", "slug": "no", "date": "2024-1-2"}

    @pytest.mark.parametrize(
        "text",
        ["Words", "", "---\nnever closed\n", "---\n\nBetween two rules.\n\n---\nMore"],
    )
    def test_text_without_front_matter_is_whole(self, text: str) -> None:
        assert front_matter.split(text) == ({}, text)

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("---\ntitle: a: b\n---\n", "not YAML"),
            ("---\ntitle: [a\n---\n", "not YAML"),
            ("---\ntitle: \x07\n---\n", "not YAML"),
            ("---\na: &a [x]\nb: [*a, *a]\n---\n", "aliases"),
            ("---\na: " + "[" * 5000 + "\n---\n", "nested too deeply"),
            ("---\na: " + "x" * 20_001 + "\n---\n", "20,000"),
            ("+++\ntitle = \n+++\n", "not TOML"),
            ("+++\na = " + "[" * 5000 + "\n+++\n", "front matter"),
        ],
    )
    def test_bad_front_matter_is_refused_with_a_reason(
        self, text: str, reason: str
    ) -> None:
        with pytest.raises(FileRefused, match=reason):
            front_matter.split(text)


@pytest.mark.parametrize(
    ("value", "values"),
    [
        (["a", "b c"], ["a", "b c"]),
        ("a, b c", ["a", "b c"]),
        ("a b", ["a", "b"]),
        ("", []),
        ("~", []),
        (None, []),
        ([["x"], {"y": "z"}, "a", 3], ["a", "3"]),
    ],
)
def test_lists_are_lists_or_texts(value: object, values: list[str]) -> None:
    assert front_matter.list_of(value) == values


def test_no_break_space_in_a_value_is_kept() -> None:
    assert front_matter.text_of(" CAFÉ\u00a0!\n  ouvert ") == "CAFÉ\u00a0! ouvert"
