from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from blog.importing.dates import parse_moment

DAY = datetime(2024, 11, 26, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2024-11-26",
        "2024/11/26",
        "November 26, 2024",
        "Nov 26 2024",
        "26 November 2024",
        "26th Nov. 2024",
        "2024-11-26T00:00:00Z",
        "2024-11-26 02:00 +02:00",
        "Tue, 26 Nov 2024 00:00:00 +0000",
    ],
)
def test_dates_are_read_as_people_write_them(text: str) -> None:
    assert parse_moment(text) == DAY


def test_single_digits_and_times_are_read() -> None:
    assert parse_moment("2017-2-5 9:07") == datetime(2017, 2, 5, 9, 7, tzinfo=UTC)


def test_dates_of_toml_are_read() -> None:
    east = timezone(timedelta(hours=2))

    assert parse_moment(date(2024, 11, 26)) == DAY
    assert parse_moment(datetime(2024, 11, 26, 2, tzinfo=east)) == DAY


@pytest.mark.parametrize(
    "value",
    ["soon", "2024-13-45", "Brumaire 5, 1799", "0000-01-01", "", None, 7, ["x"]],
)
def test_what_is_no_date_is_none(value: object) -> None:
    assert parse_moment(value) is None
