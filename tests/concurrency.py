"""Several people at once, each with a real connection."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from django.db import connection


def together(acts: Sequence[Callable[[], object]]) -> list[BaseException]:
    """Do all at the same time, each with a connection of its own."""
    barrier = threading.Barrier(len(acts))
    failures: list[BaseException] = []

    def run(act: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=20)
            act()
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return failures
