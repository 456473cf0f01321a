"""Measure hits against bare applications: `uv run python -m benchmarks.front`.

Needs wrk (Debian: `apt-get install wrk`). Every figure is a ratio of requests a second,
measured in one run in turn with its baseline; the median of the rounds is printed.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

from benchmarks import site
from benchmarks.pages import article_of

ROUNDS = 5
SECONDS = 3
CONNECTIONS = 16
WORKERS = 2
PORTS = {"bare WSGI, sync worker": 8391, "bare ASGI, same worker": 8392}
APPLICATIONS = {
    "bare WSGI, sync worker": ["-k", "sync", "benchmarks.bare:wsgi"],
    "bare ASGI, same worker": [
        *("-k", "config.web_worker.WebWorker", "--keep-alive=15"),
        "benchmarks.bare:asgi",
    ],
}
CODINGS = "gzip, br"
"""What a browser takes, so the bytes are those that a reader gets."""
FRAMING = {"connection", "date", "server", "transfer-encoding"}


def main() -> None:
    if not shutil.which("wrk"):
        raise SystemExit("wrk is not there (Debian: apt-get install wrk).")
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        blog = stack.enter_context(site.serve(folder / "var"))
        article = article_of(blog.url)
        answer = keep_answer(article, folder / "answer")
        addresses = {"a hit": article}
        for name, options in APPLICATIONS.items():
            stack.enter_context(bare(PORTS[name], options, answer))
            addresses[name] = f"http://127.0.0.1:{PORTS[name]}/"
        rates: dict[str, list[float]] = {
            name: [] for name in [*addresses, "a hit with a cookie"]
        }
        for _ in range(ROUNDS):
            for name, address in addresses.items():
                rates[name].append(rate(address))
            rates["a hit with a cookie"].append(rate(article, "Cookie: session=x"))
        report(rates)


def keep_answer(address: str, path: Path) -> Path:
    for _ in range(2 * WORKERS):
        asked = Request(address, headers={"Accept-Encoding": CODINGS})  # noqa: S310
        with urlopen(asked) as got:  # noqa: S310
            headers = [
                (name.lower(), value)
                for name, value in got.headers.items()
                if name.lower() not in FRAMING
            ]
            path.write_bytes(json.dumps(headers).encode() + b"\n" + got.read())
    return path


@contextlib.contextmanager
def bare(port: int, options: list[str], answer: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "gunicorn", f"--workers={WORKERS}"]
    command += [f"--bind=127.0.0.1:{port}", "--no-control-socket", *options]
    process = subprocess.Popen(
        command,
        cwd=site.ROOT,
        env=os.environ | {"BARE_ANSWER": str(answer)},
        stderr=subprocess.DEVNULL,
    )
    time.sleep(2)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def rate(address: str, header: str = "X-Nothing: here") -> float:
    """Requests a second that wrk counts; any error ends the run."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-H", header]
    command += ["-H", f"Accept-Encoding: {CODINGS}"]
    said = subprocess.run(
        [*command, address], capture_output=True, text=True, check=True
    ).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise SystemExit(said)
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert found  # noqa: S101
    return float(found[1])


def report(rates: dict[str, list[float]]) -> None:
    hits = rates["a hit"]
    print("| Beside | Requests a second | A hit is |")
    print("|---|---|---|")
    for name, measured in rates.items():
        ratios = [hit / other for hit, other in zip(hits, measured, strict=True)]
        median = statistics.median(measured)
        print(f"| {name} | {median:.0f} | {statistics.median(ratios):.2f} times |")


if __name__ == "__main__":
    main()
