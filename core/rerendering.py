"""Stored HTML that an older renderer made, made again text by text.

Each app has a service that renders one row again in a transaction of its own; here is
the walk over the rows. It begins with the oldest HTML and tells where it stands, so
that it can stop anywhere and go on later; what is refused is met once.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import DatabaseError

from core.markup import RENDERER_VERSION, MarkupRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.db.models import QuerySet

    type RerenderOne = Callable[[int], bool]

logger = logging.getLogger(__name__)

BATCH = 100
EXPIRED_AT_ONCE = 1000


class Position(NamedTuple):
    """A row of the walk, which goes by version, then by key."""

    version: int = -1
    pk: int = 0


class Met(NamedTuple):
    position: Position
    refusal: str = ""


START = Position()


def stale(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(renderer_version__lt=RENDERER_VERSION)


def rerender(
    rows: QuerySet[Any],
    rerender_one: RerenderOne,
    *,
    after: Position = START,
    batch: int = BATCH,
) -> Iterator[Met]:
    """Render what is stale again, and tell after each text.

    The keys of a batch are read at once; no transaction lasts longer than one text.
    """
    for position in stale_positions(stale(rows), after, batch):
        try:
            rerender_one(position.pk)
        except MarkupRefused as refusal:
            yield Met(position, str(refusal))
        except DatabaseError:
            raise
        # One text that a renderer stumbles over must not keep the others old.
        except Exception:
            logger.exception("The renderer failed at %s %s", rows.model, position.pk)
            yield Met(position, "the renderer failed on it, see the log")
        else:
            yield Met(position)


def rerender_for(
    seconds: float,
    rows: QuerySet[Any],
    rerender_one: RerenderOne,
    *,
    after: Position = START,
) -> Position | None:
    """Render again for so long; where it stopped, or None where nothing is left."""
    end = time.monotonic() + seconds
    for met in rerender(rows, rerender_one, after=after):
        if time.monotonic() > end:
            return met.position
    return None


def stale_positions(
    rows: QuerySet[Any], after: Position, batch: int
) -> Iterator[Position]:
    """Every query is a range of the index on version and key, whatever is planned."""
    version: int | None
    version, pk = after
    while version is not None:
        same = rows.filter(renderer_version=version, pk__gt=pk).order_by("pk")
        pks = list(same.values_list("pk", flat=True)[:batch])
        yield from (Position(version, pk) for pk in pks)
        if pks:
            pk = pks[-1]
        else:
            later = rows.filter(renderer_version__gt=version)
            versions = later.order_by("renderer_version")
            version = versions.values_list("renderer_version", flat=True).first()
            pk = 0


def expire(rows: QuerySet[Any]) -> Iterator[int]:
    """Let all be stale, some at a time; tells how many each time."""
    pk = 0
    every_pk = rows.order_by("pk").values_list("pk", flat=True)
    while pks := list(every_pk.filter(pk__gt=pk)[:EXPIRED_AT_ONCE]):
        yield rows.filter(pk__in=pks, renderer_version__gt=0).update(renderer_version=0)
        pk = pks[-1]
