"""Triggers by which a table says what changed on public pages.

They stand in the database, so that neither the admin nor a bulk update, a cascade or
COPY can go around them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pgtrigger

MOST_TAGS = 200
"""One statement that touches more of them is a change of the whole site."""

Referencing: Any = pgtrigger.Referencing
OPERATIONS = {
    "insert": (pgtrigger.Insert, Referencing(new="new_rows")),
    "delete": (pgtrigger.Delete, Referencing(old="old_rows")),
    "update": (pgtrigger.Update, Referencing(old="old_rows", new="new_rows")),
}
ROWS = {
    "insert": "SELECT {columns} FROM new_rows",
    "delete": "SELECT {columns} FROM old_rows",
    # What was and what is now, of the rows that are not the same any more.
    "update": (
        "(SELECT {columns} FROM old_rows EXCEPT ALL SELECT {columns} FROM new_rows) "
        "UNION ALL "
        "(SELECT {columns} FROM new_rows EXCEPT ALL SELECT {columns} FROM old_rows)"
    ),
}


@dataclass(frozen=True)
class Touches:
    """A change of `columns` (all, where none is named) touches `tag`.

    `tag` is an SQL expression over them; rows for which `where` is false touch nothing.
    """

    tag: str
    columns: tuple[str, ...] = ()
    where: str = "true"

    def query(self, operation: str) -> str:
        rows = ROWS[operation].format(columns=", ".join(self.columns) or "*")
        return f"SELECT {self.tag} AS tag FROM ({rows}) r WHERE {self.where}"  # noqa: S608  (code)


def announce(*touched: Touches) -> list[pgtrigger.Trigger]:
    """The triggers of a table whose rows public pages show."""
    triggers = [
        pgtrigger.Trigger(
            name=f"announce_{name}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operation,
            referencing=referencing,
            func=function(" UNION ".join(touch.query(name) for touch in touched)),
        )
        for name, (operation, referencing) in OPERATIONS.items()
    ]
    triggers.append(
        pgtrigger.Trigger(
            name="announce_truncate",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Truncate,
            func=function("SELECT 'site' AS tag"),
        )
    )
    return triggers


def function(query: str) -> str:
    return (
        "PERFORM core_note_changes(ARRAY("  # noqa: S608  (code)
        f"SELECT DISTINCT tag FROM ({query}) t WHERE tag IS NOT NULL "
        f"LIMIT {MOST_TAGS + 1})); RETURN NULL;"
    )
