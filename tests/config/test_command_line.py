from __future__ import annotations

import signal
import subprocess
import sys

import psycopg
import pytest
from django.db import OperationalError

from config.command_line import explain
from tests.config.conftest import CHECKOUT


@pytest.mark.parametrize("module", ["config.bytecode", "psycopg.pq", "django.apps"])
def test_ctrl_c_is_quiet_from_the_first_moment(module: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-X", "importtime", "manage.py", "help"],
        cwd=CHECKOUT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stderr
        assert any(line.split()[-1] == module for line in process.stderr)
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()

    assert process.returncode in {-signal.SIGINT, 128 + signal.SIGINT}
    assert "Traceback" not in rest


def test_a_full_disk_under_a_query_is_named() -> None:
    error = OperationalError(
        'could not extend file "base/5/1259": wrote only 4096 of 8192 bytes\n'
        "HINT:  Check free disk space."
    )
    error.__cause__ = psycopg.errors.DiskFull()

    assert explain(error) == "The database cannot be used: the disk is full."
