#!/usr/bin/env python
"""Byline's command line: `manage.py help` lists what there is."""

from __future__ import annotations

import sys

from config import bytecode

bytecode.keep_under_data()

from config.command_line import run  # noqa: E402

if __name__ == "__main__":
    run(sys.argv)
