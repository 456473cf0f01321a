"""A blog started by `serve`, as a reader of the README starts it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from benchmarks import processes
from benchmarks.figures import Run, Unmeasurable

ROOT = Path(__file__).resolve().parent.parent
WORKERS = 2
READY = "Byline is ready at "
OWN = {
    "DATABASE_URL",
    "BYLINE_ORIGIN",
    "SECRET_KEY",
    "DJANGO_SETTINGS_MODULE",
    "WEB_CONCURRENCY",
}


@dataclass(frozen=True)
class Site:
    url: str
    seconds: float
    data: Path
    pid: int

    @property
    def article(self) -> str:
        return article_of(self.url)

    def workers(self) -> list[int]:
        """The web processes: `serve` forks gunicorn first, and that forks them."""
        own = processes.command_line(self.pid)
        forks = [
            child
            for child in processes.children(self.pid)
            if processes.command_line(child) == own
        ]
        return processes.workers_of(forks[0], WORKERS)


def environment(data: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in OWN}
    return kept | {"BYLINE_DATA_DIR": str(data)}


@contextmanager
def serve(data: Path, *options: str) -> Iterator[Site]:
    """Start the blog on a free port; `seconds` is how long the ready line took."""
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", "0", *options],
        cwd=ROOT,
        env=environment(data),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout  # noqa: S101
    try:
        for line in process.stdout:
            if line.startswith(READY):
                seconds = time.monotonic() - started
                url = line.removeprefix(READY).strip()
                yield Site(url, seconds, data, process.pid)
                return
        raise Unmeasurable("serve ended before it was ready")
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


@contextmanager
def blog(run: Run) -> Iterator[Site]:
    """A blog with the demo that nobody else writes to: a copy of one made once."""
    prepared = run.folder / "prepared"
    if not prepared.exists():
        with serve(prepared):
            # Or the blog's worker would convert the demo's pictures all the while.
            manage(prepared, "worker", "--drain")
    with tempfile.TemporaryDirectory(dir=run.folder) as folder:
        data = Path(folder) / "var"
        subprocess.run(["cp", "-a", prepared, data], check=True)
        with serve(data) as site:
            yield site


def manage(data: Path, *arguments: str) -> str:
    """Run a management command; what it printed."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(data),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout


def article_of(url: str) -> str:
    """The longest demo article."""
    with urlopen(f"{url}feeds/rss.xml") as answer:  # noqa: S310
        text: str = answer.read().decode()
    links = [
        part.split("</link>")[0]
        for part in text.split("<link>")
        if "/posts/" in part.split("</link>")[0]
    ]
    return next(link for link in links if "pytorch" in link)
