"""Where compiled modules are kept, decided before anything else is imported."""

from __future__ import annotations

import os
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent


def keep_under_data() -> None:
    """Where no byte code may be written beside the sources, keep it with the data.

    `PYTHONDONTWRITEBYTECODE` keeps folders clean, at the price of compiling a thousand
    modules at every start: three quarters of the time until the blog is ready. A folder
    that cannot be written to is no error; Python then goes on without.
    """
    if sys.dont_write_bytecode and sys.pycache_prefix is None:
        data = os.environ.get("BYLINE_DATA_DIR", "").strip() or CHECKOUT / "var"
        sys.pycache_prefix = str(Path(data).expanduser().absolute() / "bytecode")
        sys.dont_write_bytecode = False
