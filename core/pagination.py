"""Pages of a list without counting it: only whether there is a next one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

MAX_PAGE = 10_000


class NoSuchPage(ValueError):
    """The number is none, or leads past the end."""


@dataclass(frozen=True)
class Page[M: Model]:
    items: list[M]
    number: int
    has_next: bool

    @property
    def previous_number(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next_number(self) -> int | None:
        return self.number + 1 if self.has_next else None


def paginate[M: Model](
    queryset: QuerySet[M, Any], number: str, per_page: int
) -> Page[M]:
    """One page, the first where `number` is empty. Raises `NoSuchPage`.

    The first page exists even when it is empty. One query beside prefetches.
    """
    page = parse(number)
    start = (page - 1) * per_page
    found = list(queryset[start : start + per_page + 1])
    if not found and page > 1:
        raise NoSuchPage(number)
    return Page(found[:per_page], page, len(found) > per_page)


def parse(number: str) -> int:
    if not number:
        return 1
    if not (number.isascii() and number.isdecimal()) or number.startswith("0"):
        raise NoSuchPage(number)
    if len(number) > len(str(MAX_PAGE)) or int(number) > MAX_PAGE:
        raise NoSuchPage(number)
    return int(number)
