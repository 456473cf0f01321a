from __future__ import annotations

import asyncio

import pytest
from django.core import mail
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from core import tasks
from core.worker import work


def begin_all() -> None:
    """Leave what is queued as a worker does that was killed over it."""
    ProcrastinateJob.objects.filter(status="todo").update(status="doing")


def queue_mail() -> None:
    tasks.send_mail.defer(
        to="ada@example.org", subject="Hello", text="Hi", html="", message_id="<1@x>"
    )


def work_twice() -> None:
    """What the first look takes up again may be due only after it has ended."""
    for _ in range(2):
        asyncio.run(work(wait=False))


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_queue")
class TestRetryStalledJobs:
    def test_mail_that_a_killed_worker_had_begun_is_sent(self) -> None:
        queue_mail()
        begin_all()
        tasks.retry_stalled_jobs.configure().defer(timestamp=0)

        work_twice()

        assert [message.to for message in mail.outbox] == [["ada@example.org"]]

    def test_what_waits_again_already_does_not_keep_the_rest_back(self) -> None:
        slow = tasks.sweep_limits.configure(lock=tasks.UNHURRIED)
        slow.defer(timestamp=0)
        queue_mail()
        begin_all()
        slow.defer(timestamp=1)
        tasks.retry_stalled_jobs.configure().defer(timestamp=0)

        work_twice()

        assert [message.to for message in mail.outbox] == [["ada@example.org"]]
        # Of the slow one alone: at the turn of a minute a second look is queued, too.
        slow_ones = ProcrastinateJob.objects.filter(task_name=tasks.sweep_limits.name)
        assert not slow_ones.filter(status__in=["doing", "failed"]).exists()

    def test_is_looked_for_every_minute(self) -> None:
        schedules = {
            periodic.task.name: periodic.cron
            for periodic in app.periodic_registry.periodic_tasks.values()
        }

        assert schedules["core.tasks.retry_stalled_jobs"] == "* * * * *"
