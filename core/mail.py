"""Mail: written now, in the words of three templates; sent by the worker."""

from __future__ import annotations

from email.utils import make_msgid
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.validators import validate_email
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string

from core import tasks
from core.models import SiteSettings

if TYPE_CHECKING:
    from collections.abc import Mapping


def send(template_prefix: str, *, to: str, context: Mapping[str, Any]) -> None:
    """Render a message and enqueue it in the current transaction.

    Templates: `<prefix>_subject.txt`, `<prefix>.txt`, and `<prefix>.html` where there
    is one; they get `site` and `origin` beside `context`. A transaction that is rolled
    back sends nothing; a mail server that is away is tried again for about a day, with
    the same Message-ID. Raises `ValidationError` where `to` is not one plain address.
    """
    validate_email(to)
    context = {"site": SiteSettings.load(), "origin": settings.ORIGIN, **context}
    tasks.send_mail.defer(
        to=to,
        subject=one_line(render_to_string(f"{template_prefix}_subject.txt", context)),
        text=render_to_string(f"{template_prefix}.txt", context).strip() + "\n",
        html=render_if_there(f"{template_prefix}.html", context),
        message_id=make_msgid(domain=urlsplit(settings.ORIGIN).hostname),
    )


def one_line(text: str) -> str:
    return " ".join(text.split())


def render_if_there(template: str, context: Mapping[str, Any]) -> str:
    try:
        return render_to_string(template, dict(context)).strip()
    except TemplateDoesNotExist as missing:
        if missing.args[0] != template:
            raise
        return ""
