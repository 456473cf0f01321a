from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from benchmarks.figures import Unmeasurable
from benchmarks.load import read_report, wrk

if TYPE_CHECKING:
    from tests.benchmarks.conftest import Server

REPORT = """\
Running 3s test @ http://127.0.0.1:8000/
  1 threads and 16 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.17ms  512.00us   9.99ms   78.70%
    Req/Sec    14.10k     1.02k   15.99k    73.33%
  Latency Distribution
     50%    1.05ms
     75%    1.41ms
     90%    1.80ms
     99%    {slow}
  42123 requests in 3.00s, 396.05MB read
Requests/sec:  14040.56
Transfer/sec:    132.01MB
"""


@pytest.mark.parametrize(
    ("slow", "milliseconds"),
    [("3.02ms", 3.02), ("870.00us", 0.87), ("1.20s", 1200.0), ("1.00m", 60_000.0)],
)
def test_report_is_read_in_milliseconds(slow: str, milliseconds: float) -> None:
    load = read_report(REPORT.format(slow=slow))

    assert (load.rate, load.requests) == (14040.56, 42123)
    assert load.milliseconds_99 == pytest.approx(milliseconds)


@pytest.mark.parametrize(
    "complaint",
    [
        "  Socket errors: connect 0, read 3, write 0, timeout 0",
        "  Non-2xx or 3xx responses: 12",
    ],
)
def test_errors_end_the_measurement(complaint: str) -> None:
    with pytest.raises(Unmeasurable, match=complaint.strip()[:7]):
        read_report(REPORT.format(slow="3.02ms") + complaint)


def test_report_without_figures_is_shown() -> None:
    with pytest.raises(Unmeasurable, match="unable to connect"):
        read_report("unable to connect to 127.0.0.1:1 Connection refused")


def test_missing_program_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(Unmeasurable, match="apt-get install wrk"):
        wrk("http://127.0.0.1:1/", 1)


@pytest.mark.skipif(not shutil.which("wrk"), reason="wrk is not installed")
def test_load_that_nothing_answers_is_prolonged(server: Server) -> None:
    server.delay = 1.5

    load = wrk(server.url, 1, connections=1)

    assert load.requests > 0
