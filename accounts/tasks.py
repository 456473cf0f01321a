from __future__ import annotations

from procrastinate.contrib.django import app

from accounts import reset, services


@app.task(name="send_reset_link", pass_context=False)
def send_reset_link(email: str) -> None:
    """Mail a link for a new password to the account with this address, if any."""
    reset.send_link(email)


@app.periodic(cron="37 * * * *")
@app.task(pass_context=False, queueing_lock="forget_signups")
def forget_signups(timestamp: int) -> None:
    """Forget sign-ups that nobody confirmed for a month, once an hour."""
    services.forget_signups()
