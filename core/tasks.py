from __future__ import annotations

from procrastinate.contrib.django import app

from core import limits


@app.periodic(cron="17 * * * *")
@app.task(pass_context=False, queueing_lock="sweep_limits")
def sweep_limits(timestamp: int) -> None:
    """Forget limit windows that have ended, once an hour."""
    limits.sweep()
