from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.test import Client
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.core.mail import EmailMessage
    from pytest_django import DjangoDbBlocker

    from accounts.models import User

    type Outbox = Callable[[], list[EmailMessage]]


class Member(Client):
    """A browser in which `user` is signed in."""

    user: User


def without_mark(url: str) -> str:
    """The address of a page to which an act leads, that stands in it marked."""
    bare, count = re.subn(r"[?&]after=\d+(?=#)", "", url)
    assert count == 1, url
    return bare


def signed_in(user: User, *, enforce_csrf_checks: bool = False) -> Member:
    client = Member(enforce_csrf_checks=enforce_csrf_checks)
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Put back the rows of migrations that the last run's flushes took away."""
    with django_db_blocker.unblock():
        factories.make_kinds()


@pytest.fixture
def member_client(db: None) -> Member:
    return signed_in(factories.make_user())


@pytest.fixture
def author_client(db: None) -> Member:
    return signed_in(factories.make_author())


@pytest.fixture
def editor_client(db: None) -> Member:
    return signed_in(factories.make_editor())


@pytest.fixture
def moderator_client(db: None) -> Member:
    return signed_in(factories.make_moderator())


@pytest.fixture
def owner_client(db: None) -> Member:
    return signed_in(factories.make_owner())


@pytest.fixture
def empty_queue(db: None) -> None:
    """Tests with real transactions leave jobs behind: a flush does not know them."""
    ProcrastinateJob.objects.all().delete()


@pytest.fixture
def run_tasks(empty_queue: None) -> Callable[[], None]:
    """Do the queued work here and now, in this test's own transaction."""

    def run() -> None:
        todo = ProcrastinateJob.objects.filter(status="todo").order_by("pk")
        while job := todo.first():
            todo.filter(pk=job.pk).delete()
            app.tasks[job.task_name].func(**job.args)

    return run


@pytest.fixture
def outbox(run_tasks: Callable[[], None]) -> Outbox:
    """Every mail that went out so far, after the queued work is done."""

    def sent() -> list[EmailMessage]:
        run_tasks()
        return mail.outbox

    return sent
