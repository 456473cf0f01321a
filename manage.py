#!/usr/bin/env python
"""Byline's command line: `manage.py help` lists what there is."""

from __future__ import annotations

import sys

from config.command_line import run

if __name__ == "__main__":
    run(sys.argv)
