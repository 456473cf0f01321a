"""A blog started by `serve`, as a reader of the README starts it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
READY = "Byline is ready at "


@dataclass(frozen=True)
class Site:
    url: str
    seconds: float


def environment(data: Path) -> dict[str, str]:
    unset = {"DATABASE_URL", "BYLINE_ORIGIN", "SECRET_KEY", "DJANGO_SETTINGS_MODULE"}
    kept = {name: value for name, value in os.environ.items() if name not in unset}
    return kept | {"BYLINE_DATA_DIR": str(data)}


@contextmanager
def serve(data: Path) -> Iterator[Site]:
    """Start the blog on a free port; `seconds` is how long the ready line took."""
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", "0"],
        cwd=ROOT,
        env=environment(data),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout  # noqa: S101
        for line in process.stdout:
            if line.startswith(READY):
                url = line.removeprefix(READY).strip()
                yield Site(url, time.monotonic() - started)
                return
        raise SystemExit("serve ended before it was ready.")
    finally:
        process.terminate()
        process.wait()
