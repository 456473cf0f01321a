"""Outside material to test against: read where it is, never committed."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(
    os.environ.get("BYLINE_CORPORA")
    or Path(__file__).resolve().parents[2] / "shared" / "corpora"
)


def load(name: str) -> Any:
    """A JSON file of the corpora; skips the test that asks where it is absent."""
    return json.loads(path(name).read_text(encoding="utf-8"))


def path(name: str) -> Path:
    found = ROOT / name
    if not found.exists():
        pytest.skip(f"{found} is absent: set BYLINE_CORPORA to the outside corpora")
    return found
