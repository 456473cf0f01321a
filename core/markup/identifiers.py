from __future__ import annotations


class Identifiers:
    """Ids that are unique in one text, at the same cost for the first and the last."""

    def __init__(self) -> None:
        self.taken: dict[str, int] = {}

    def claim(self, wanted: str) -> str:
        identifier = wanted
        while identifier in self.taken:
            self.taken[wanted] += 1
            identifier = f"{wanted}-{self.taken[wanted]}"
        self.taken[identifier] = 1
        return identifier
