from __future__ import annotations

import signal
import subprocess
import sys

import pytest

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
