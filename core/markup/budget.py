"""What a text may still cost while it is written as HTML.

Beyond it nothing is refused: code is shown plainly, formulas as they were typed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from core.markup.limits import Limits


class Budget:
    def __init__(self, limits: Limits) -> None:
        self.code_lines = limits.code_lines
        self.formula_characters = limits.formula_characters
        self.spans = limits.highlighted_spans
        self.seconds = limits.highlighted_seconds
        self._began = 0.0

    @contextmanager
    def highlighting(self) -> Iterator[None]:
        """Only what is done inside counts, not what a process does once."""
        self._began = time.thread_time()
        try:
            yield
        finally:
            self.seconds -= time.thread_time() - self._began

    def is_spent(self) -> bool:
        """Whether no more of a block can be highlighted."""
        return self.spans < 0 or time.thread_time() - self._began > self.seconds
