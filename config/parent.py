"""A child of `serve` does not outlive it, even if `serve` is killed."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

VARIABLE = "BYLINE_PARENT"
PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Ask the kernel for SIGTERM when the parent dies, if `serve` is the parent.

    The variable is taken out of the environment: grandchildren have another parent.
    """
    parent = os.environ.pop(VARIABLE, "")
    if not parent or sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):
        sys.exit("Byline's parent process ended before this one began.")
