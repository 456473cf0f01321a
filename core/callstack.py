"""Room for Python's frames, so that a deep call costs no more than a shallow one."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

SLOTS = 16 * 1024
"""More than half of 256 KiB: what is left, 128 KiB, is for the frames that are called.

The deepest page of the blog takes less than half of it.
"""


def with_room[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """The same function, with its own and all frames below in one piece of memory.

    CPython before 3.13.13 and 3.14.4 keeps frames in pieces of 16 KiB, and asks the
    kernel for the next one at each call that crosses their edge: a loop that calls from
    there (a template's, say) takes half as long again
    (https://github.com/python/cpython/issues/142183). A frame that is too large for a
    piece gets a larger one, which the calls below it share; its memory is untouched.
    """

    def large(*args: P.args, **kwargs: P.kwargs) -> R:
        return function(*args, **kwargs)

    large.__code__ = large.__code__.replace(co_stacksize=SLOTS)
    return wraps(function)(large)
