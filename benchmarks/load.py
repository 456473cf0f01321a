"""Load by wrk, a closed loop of connections that ask as fast as they are answered."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass

from benchmarks.figures import Unmeasurable

CONNECTIONS = 16
CODINGS = "gzip, br"
"""What a browser takes, so the bytes are those that a reader gets."""
PLAIN = "identity"
LONGEST = 16
"""Seconds to which a load is prolonged that nothing answers."""
MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass(frozen=True)
class Load:
    rate: float
    requests: int
    milliseconds_99: float


def wrk(
    address: str,
    seconds: int,
    *,
    coding: str = CODINGS,
    cookie: str = "",
    connections: int = CONNECTIONS,
) -> Load:
    """Ask for `address` that long; raises `Unmeasurable` on any error.

    Where nothing was answered in that time, twice as long.
    """
    if not shutil.which("wrk"):
        raise Unmeasurable("wrk is not installed (Debian: apt-get install wrk)")
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"]
    command += ["--timeout", "10s"]
    command += ["-H", f"Accept-Encoding: {coding}"]
    if cookie:
        command += ["-H", f"Cookie: {cookie}"]
    done = subprocess.run([*command, address], capture_output=True, text=True)
    if done.returncode:
        raise Unmeasurable(done.stderr.strip())
    load = read_report(done.stdout)
    if load.requests:
        return load
    if seconds >= LONGEST:
        raise Unmeasurable(f"{address} answered nothing in {seconds} s")
    return wrk(
        address,
        2 * seconds,
        coding=coding,
        cookie=cookie,
        connections=connections,
    )


def read_report(text: str) -> Load:
    for complaint in re.findall(r"(?:Non-2xx|Socket errors).*", text):
        raise Unmeasurable(f"wrk: {complaint}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", text)
    requests = re.search(r"(\d+) requests in", text)
    slow = re.search(r"99%\s+([\d.]+)(us|ms|s|m)\b", text)
    if not (rate and requests and slow):
        raise Unmeasurable(f"wrk said: {text}")
    return Load(
        float(rate[1]), int(requests[1]), float(slow[1]) * MILLISECONDS[slow[2]]
    )


def warm(*addresses: str, coding: str = CODINGS) -> None:
    """Let every worker behind an address have what it keeps."""
    for address in addresses:
        wrk(address, 1, coding=coding)
