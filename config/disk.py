"""What a disk refuses, in words for the operator who can mend it."""

from __future__ import annotations

import errno

UNUSABLE = {
    errno.EACCES,
    errno.EDQUOT,
    errno.EEXIST,
    errno.EISDIR,
    errno.ELOOP,
    errno.ENAMETOOLONG,
    errno.ENOENT,
    errno.ENOSPC,
    errno.ENOTDIR,
    errno.EPERM,
    errno.EROFS,
}
FULL = ("No space left", "Check free disk space", "wrote only")
"""What PostgreSQL says of it; much else may follow, since it stumbles on."""


def reason(error: OSError) -> str:
    # Folders are all that Byline makes without asking whether they are there already.
    if error.errno == errno.EEXIST:
        return "it exists and is not a folder"
    return error.strerror or str(error)


def is_called_full(said: str) -> bool:
    return any(words in said for words in FULL)
