"""Queries per page, with little content and with ten times as much."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.site import ROOT, environment


def count(data: Path) -> dict[str, tuple[int, int]]:
    result = subprocess.run(
        [sys.executable, "-m", "benchmarks.count_queries"],
        cwd=ROOT,
        env=environment(data) | {"DJANGO_SETTINGS_MODULE": "config.settings"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    few, many = json.loads(result.stdout)
    return {name: (few[name], many[name]) for name in few}
