"""Who runs PostgreSQL: it refuses to run as root."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from typing import TYPE_CHECKING

from config.postgres.errors import ServerError

if TYPE_CHECKING:
    from pathlib import Path

NAME = "byline-postgres"


def server_user(data: Path) -> pwd.struct_passwd | None:
    """The OS user the server runs as; `None` means whoever runs Byline.

    For root it is the owner of the data, so that `sudo` once does not spoil a blog that
    somebody runs without; for new data, a system user made for it.
    """
    if os.geteuid() != 0:
        return None
    try:
        owner = data.stat().st_uid
    except FileNotFoundError:
        owner = 0
    if owner:
        try:
            return pwd.getpwuid(owner)
        except KeyError as error:
            raise ServerError(
                f"{data} belongs to the OS user {owner}, whom this machine does not "
                "know, and PostgreSQL does not run as root."
            ) from error
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        return _make_user()


def _make_user() -> pwd.struct_passwd:
    if shutil.which("useradd"):
        command = ["useradd", "--system", "--user-group", "--no-create-home"]
        command += ["--home-dir", "/nonexistent", "--shell", "/bin/false", NAME]
    else:
        command = ["adduser", "-S", "-D", "-H", "-s", "/bin/false", NAME]
    try:
        subprocess.run(command, check=True, capture_output=True)
        return pwd.getpwnam(NAME)
    except (OSError, subprocess.CalledProcessError, KeyError) as error:
        # Two first starts at once: the other one made it.
        try:
            return pwd.getpwnam(NAME)
        except KeyError:
            raise ServerError(
                f"PostgreSQL does not run as root, and the system user {NAME} could "
                "not be made: make it, run Byline as an ordinary user, or set "
                "DATABASE_URL."
            ) from error
