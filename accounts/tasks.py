from __future__ import annotations

from procrastinate.contrib.django import app

from accounts import reset


@app.task(name="send_reset_link", pass_context=False)
def send_reset_link(email: str) -> None:
    """Mail a link for a new password to the account with this address, if any."""
    reset.send_link(email)
