"""Reading posts from files: pure functions here, the database only in `importer`."""

from __future__ import annotations
