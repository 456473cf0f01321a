"""One stylesheet for the reader out of many small ones for us."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Protocol

from django.core.files.base import ContentFile

if TYPE_CHECKING:
    from django.core.files import File

LAYERED_IMPORT = re.compile(
    r'^@import url\("(?P<path>[^":]+\.css)"\) layer\((?P<layer>[\w.-]+)\);$', re.M
)
STRING_OR_COMMENT = re.compile(
    r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|/\*.*?\*/""", re.S
)
URL = re.compile(r"""url\((?P<quote>["']?)(?P<path>[^"')]+)(?P=quote)\)""")
ELSEWHERE = re.compile(r"[a-z]+:|/|#", re.I)


class Source(Protocol):
    def open(self, name: str) -> File[bytes]: ...


class NestedImport(ValueError):
    """An imported stylesheet imports another one."""


class BundledSource:
    """A source of static files whose stylesheets come with their imports inside."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def open(self, path: str) -> File[bytes]:
        text = self.read(path)
        if not LAYERED_IMPORT.search(text):
            return self.source.open(path)
        inlined = LAYERED_IMPORT.sub(lambda match: self.imported(path, match), text)
        return ContentFile(compact(inlined).encode())

    def imported(self, importer: str, match: re.Match[str]) -> str:
        folder = posixpath.dirname(importer)
        path = posixpath.normpath(posixpath.join(folder, match["path"]))
        text = self.read(path)
        if "@import" in STRING_OR_COMMENT.sub("", text):
            message = f"{path}, imported by {importer}, imports another stylesheet."
            raise NestedImport(message)
        text = rebase_urls(text, posixpath.dirname(path), folder)
        return f"@layer {match['layer']} {{\n{text}\n}}"

    def read(self, path: str) -> str:
        with self.source.open(path) as file:
            return bytes(file.read()).decode()


def rebase_urls(text: str, old_folder: str, new_folder: str) -> str:
    """Make what is relative to one folder relative to the other."""

    def rebase(match: re.Match[str]) -> str:
        path = match["path"].strip()
        if ELSEWHERE.match(path):
            return match[0]
        target = posixpath.join("/", old_folder, path)
        return f'url("{posixpath.relpath(target, posixpath.join("/", new_folder))}")'

    return URL.sub(rebase, text)


def compact(text: str) -> str:
    """Drop comments, indentation and empty lines; strings stay as they are."""
    bare = STRING_OR_COMMENT.sub(
        lambda match: "" if match[0].startswith("/*") else match[0], text
    )
    lines = (line.strip() for line in bare.splitlines())
    return "\n".join(line for line in lines if line) + "\n"
