#!/usr/bin/env python
"""Byline's command line: `manage.py help` lists what there is."""

from __future__ import annotations

import signal
import sys

# While modules are loaded there is nothing to tidy up: Ctrl-C ends it without a word.
interrupt = signal.signal(signal.SIGINT, signal.SIG_DFL)

from config import bytecode  # noqa: E402

bytecode.keep_under_data()

from config.command_line import run  # noqa: E402

if __name__ == "__main__":
    signal.signal(signal.SIGINT, interrupt)
    run(sys.argv)
