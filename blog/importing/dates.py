from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from email.utils import parsedate_to_datetime

from django.utils import timezone

MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
MONTH = r"(?P<month>[A-Za-z]{3,9})\.?"
DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
YEAR = r"(?P<year>\d{4})"
WRITTEN_OUT = [
    re.compile(rf"{MONTH} {DAY},? {YEAR}"),
    re.compile(rf"{DAY} {MONTH} {YEAR}"),
]
NUMBERS = re.compile(
    r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})"
    r"(?:[T ]+(?P<clock>\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)"
    r" ?(?P<zone>Z|UTC|[+-]\d{2}:?\d{2})?)?"
)


def parse_moment(value: object) -> datetime | None:
    """When that is, in the blog's time zone where none is named; None if unreadable."""
    try:
        if isinstance(value, datetime):
            return aware(value)
        if isinstance(value, date):
            return aware(datetime.combine(value, time()))
        if isinstance(value, str):
            return parse_text(" ".join(value.split()))
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
    return None


def parse_text(text: str) -> datetime | None:
    if match := NUMBERS.fullmatch(text):
        return parse_numbers(match)
    for pattern in WRITTEN_OUT:
        if match := pattern.fullmatch(text):
            return parse_written_out(match)
    return aware(parsedate_to_datetime(text))


def parse_numbers(match: re.Match[str]) -> datetime:
    day = date(int(match["year"]), int(match["month"]), int(match["day"]))
    clock = (match["clock"] or "00:00").replace(",", ".").zfill(5)
    if clock[1] == ":":
        clock = "0" + clock
    zone = (match["zone"] or "").replace("UTC", "Z")
    return aware(datetime.fromisoformat(f"{day.isoformat()}T{clock}{zone}"))


def parse_written_out(match: re.Match[str]) -> datetime | None:
    name = match["month"].lower()
    for month, full_name in enumerate(MONTHS, start=1):
        if name in {full_name, full_name[:3], full_name[:4]}:
            day = date(int(match["year"]), month, int(match["day"]))
            return aware(datetime.combine(day, time()))
    return None


def aware(moment: datetime) -> datetime:
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    return moment.astimezone(UTC)
