from __future__ import annotations

import time
from pathlib import Path

import pytest

from benchmarks import report
from benchmarks.__main__ import PARTS, UNBOUNDED, main, measure
from benchmarks.figures import Figure, Run, Unmeasurable
from benchmarks.parts import hits


def good(run: Run) -> list[Figure]:
    return [Figure("Hits", f"{run.rounds}")]


def slow(run: Run) -> list[Figure]:
    time.sleep(0.5)
    return good(run)


def bad(run: Run) -> list[Figure]:
    raise Unmeasurable("wrk is not installed")


def test_part_that_fails_is_a_row_and_the_others_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    figures, _ = measure(Run(tmp_path), {"bad": bad, "good": good})

    assert figures == [
        Figure("bad", "not measured", "wrk is not installed"),
        Figure("Hits", "5"),
    ]
    assert capsys.readouterr().out == f"{report.table(figures)}\n"


def test_parts_end_with_the_time_except_the_one_without_bounds(tmp_path: Path) -> None:
    figures, seconds = measure(
        Run(tmp_path), {"late": good, UNBOUNDED: slow}, longest=0.0
    )

    assert [figure.name for figure in figures] == ["late", "Hits"]
    assert seconds < 0.5


@pytest.mark.parametrize(
    ("options", "complaint"),
    [(["nothing"], "no part nothing"), (["hits", "--seconds", "60"], "1 to 10")],
)
def test_wrong_options_are_refused(
    options: list[str],
    complaint: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.argv", ["benchmarks", *options])

    with pytest.raises(SystemExit):
        main()

    assert complaint in capsys.readouterr().err


def test_every_part_has_a_name_of_its_own_module() -> None:
    assert {measure.__module__ for measure in PARTS.values()} == {
        f"benchmarks.parts.{name}" for name in PARTS
    }


def test_what_is_not_installed_is_a_row_that_says_so() -> None:
    names = (hits.HIT, hits.PLAIN_HIT, hits.MEMBER, hits.SYNC, hits.ASGI)

    rows = report.table(hits.report({name: [10.0] for name in names}))

    assert "| not measured | nginx, a file: not installed | ≥ 0.3 |" in rows
