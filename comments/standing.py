"""How opinion stands, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comments.models import Side
    from comments.opinions import Counts


@dataclass(frozen=True)
class Stand:
    """How many took one side, and how many took any."""

    side: Side
    members: int
    visitors: int
    of: int

    @property
    def votes(self) -> int:
        return self.members + self.visitors

    @property
    def percent(self) -> int:
        return round(self.share(self.votes))

    @property
    def members_end(self) -> str:
        """Where in the bar the part of members ends and that of visitors begins."""
        return f"{self.share(self.members):.2f}%"

    @property
    def visitors_end(self) -> str:
        return f"{self.share(self.votes):.2f}%"

    def share(self, votes: int) -> float:
        return 100 * votes / self.of if self.of else 0


def stands(sides: Sequence[Side], counts: Counts) -> list[Stand]:
    """In the order of the sides. What nobody took stands at nothing."""
    known = [counts.get(side.slug, {"members": 0, "visitors": 0}) for side in sides]
    of = sum(count["members"] + count["visitors"] for count in known)
    return [
        Stand(side, count["members"], count["visitors"], of)
        for side, count in zip(sides, known, strict=True)
    ]
