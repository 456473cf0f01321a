from __future__ import annotations

from core.differences import MAX_LINES, Piece, differences


class TestDifferences:
    def test_same_texts_have_none(self) -> None:
        assert differences("a\nb", "a\nb") == []

    def test_words_inside_a_line_are_marked(self) -> None:
        removed, added = differences("one red fox", "one blue fox")

        assert (removed.kind, added.kind) == ("removed", "added")
        assert removed.pieces == [Piece("one "), Piece("red", True), Piece(" fox")]
        assert added.pieces == [Piece("one "), Piece("blue", True), Piece(" fox")]

    def test_far_lines_are_left_out(self) -> None:
        lines = [str(n) for n in range(40)]
        changed = ["x", *lines[1:39], "y"]

        kinds = [
            line.kind for line in differences("\n".join(lines), "\n".join(changed))
        ]

        assert kinds.count("gap") == 1
        assert len(kinds) == 9

    def test_added_lines_are_added(self) -> None:
        kinds = [line.kind for line in differences("a", "a\nb\nc")]

        assert kinds == ["same", "added", "added"]

    def test_text_around_a_change_is_left_out(self) -> None:
        lines = [str(n) for n in range(5_000)]
        changed = [*lines[:2_500], "x", *lines[2_501:]]

        found = differences("\n".join(lines), "\n".join(changed))

        assert [line.kind for line in found] == [
            *["same"] * 2,
            "removed",
            "added",
            *["same"] * 2,
        ]

    def test_very_many_changed_lines_are_two(self) -> None:
        old = "\n".join(f"old {n}" for n in range(MAX_LINES))
        new = "\n".join(f"new {n}" for n in range(MAX_LINES))

        removed, added = differences(old, new)

        assert removed.pieces == [Piece(old)]
        assert added.pieces == [Piece(new)]
