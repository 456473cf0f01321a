"""What must not stand in the log."""

from __future__ import annotations

import logging


class WithoutArguments(logging.Filter):
    """Name a background job by task and number only: a mail's words may hold a code."""

    def filter(self, record: logging.LogRecord) -> bool:
        job = getattr(record, "job", None)
        if isinstance(job, dict) and job.get("call_string"):
            short = f"{job.get('task_name')}[{job.get('id')}]"
            record.msg = record.getMessage().replace(job["call_string"], short)
            record.args = ()
        return True
