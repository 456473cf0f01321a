"""The link by which somebody who forgot the password sets a new one."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from accounts.events import record
from accounts.models import User
from core import mail


def send_link(email: str) -> None:
    """Mail the link to the stored address; to nobody where nobody has it.

    It ends when it is used, when password or address change, and with
    `PASSWORD_RESET_TIMEOUT`.
    """
    user = User.objects.filter(email=email.lower(), is_active=True).first()
    if user is None or not user.has_usable_password():
        return
    token = default_token_generator.make_token(user)
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(user), "key": token},
    )
    mail.send(
        "account/email/password_reset_key",
        to=user.email,
        context={"user": user, "url": settings.ORIGIN + path},
    )
    record("asked for a new password", user)
