"""Mail for a blog without a mail server: every message becomes a file."""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.mail.backends.base import BaseEmailBackend

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.mail import EmailMessage


class EmailBackend(BaseEmailBackend):
    """Write `<time>-<n>.eml` into `folder`, and a line about it to standard error.

    The line does not say to whom: the log holds no address.
    """

    def __init__(self, *, folder: Path, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.folder = Path(folder)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            path = self.write(message.message().as_bytes())
            sys.stderr.write(f"Mail: {message.subject!r} in {path}\n")
            sys.stderr.flush()
        return len(email_messages)

    def write(self, content: bytes) -> Path:
        """Put a whole message under a name of its own, whoever else writes."""
        handle, draft = tempfile.mkstemp(dir=self.folder, prefix=".", suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        time = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
        n = 1
        while True:
            path = self.folder / f"{time}-{n}.eml"
            try:
                # A link, unlike a rename, does not replace what is there.
                os.link(draft, path)
            except FileExistsError:
                n += 1
            else:
                os.unlink(draft)
                return path
