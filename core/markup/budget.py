"""What a text may still cost while it is written as HTML.

Beyond it nothing is refused: code is shown plainly, formulas as they were typed.
"""

from __future__ import annotations

import time

from core.markup.limits import Limits


class Budget:
    def __init__(self, limits: Limits) -> None:
        self.code_lines = limits.code_lines
        self.formula_characters = limits.formula_characters
        self.spans = limits.highlighted_spans
        self.ends_at = time.thread_time() + limits.highlighted_seconds

    def is_spent(self) -> bool:
        """Whether no more of a block can be highlighted."""
        return self.spans < 0 or time.thread_time() > self.ends_at
