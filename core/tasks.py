from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, UniqueViolation
from procrastinate.jobs import Status

from core import limits
from core.models import Change

if TYPE_CHECKING:
    from procrastinate import JobContext
    from procrastinate.jobs import JobDeferrer

logger = logging.getLogger(__name__)

# 4, 16, 64 seconds, 4, 17, 68 minutes, 4.5, 18 hours.
MAIL_RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)

# The lock of what takes many seconds and nobody waits for: one at a time, on all
# machines, so that a worker has a hand free for mail. Between two a worker rests for as
# long as it takes to look for work unasked, which is five seconds.
UNHURRIED = "unhurried"


class MailNotTaken(Exception):
    """The mail server is away, or does not want the message."""


def defer_once(job: JobDeferrer, **arguments: Any) -> None:
    """Enqueue a job with a queueing lock, unless the same waits already."""
    with suppress(AlreadyEnqueued), transaction.atomic():
        job.defer(**arguments)


@app.periodic(cron="17 * * * *")
@app.task(pass_context=False, queueing_lock="sweep_limits")
def sweep_limits(timestamp: int) -> None:
    """Forget limit windows that have ended, once an hour."""
    limits.sweep()


@app.periodic(cron="*/10 * * * *")
@app.task(pass_context=False, queueing_lock="sweep_changes")
def sweep_changes(timestamp: int) -> None:
    """Forget changes that every process has read long ago."""
    Change.objects.old().delete()


@app.periodic(cron="27 * * * *")
@app.task(pass_context=True, queueing_lock="sweep_jobs")
async def sweep_jobs(context: JobContext, timestamp: int) -> None:
    """Forget work that failed for good after a week; what was done, sooner."""
    await context.app.job_manager.delete_old_jobs(nb_hours=24 * 7, include_failed=True)


@app.periodic(cron="* * * * *")
@app.task(pass_context=True, queueing_lock="retry_stalled_jobs")
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Take up again what a worker had begun that was killed or lost its machine.

    Half a minute without a sign of life is what tells it from one that is busy.
    """
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs():
        try:
            await jobs.retry_job(job)
        except UniqueViolation:
            # The same waits already, perhaps for the lock that this one still holds.
            await jobs.finish_job(job, Status.FAILED, delete_job=True)


@app.task(name="send_mail", retry=MAIL_RETRY, pass_context=False)
def send_mail(to: str, subject: str, text: str, html: str, message_id: str) -> None:
    """Hand one message to the mail server. A second copy has the same Message-ID."""
    message = EmailMultiAlternatives(
        subject,
        text,
        settings.DEFAULT_FROM_EMAIL,
        [to],
        headers={"Message-ID": message_id},
    )
    if html:
        message.attach_alternative(html, "text/html")
    try:
        message.send()
    except OSError as error:
        # A server that refuses a recipient says whom: no address is in the log.
        said = str(error).replace(to, "the recipient")
        logger.warning("Mail %s could not be sent yet: %s", message_id, said)
        raise MailNotTaken(said) from None
