from __future__ import annotations

import asyncio
import email
import logging
import re
import stat
import threading
from email.policy import default
from pathlib import Path
from smtplib import SMTPRecipientsRefused
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail as django_mail
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.template import engines
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from config.mail import mailer
from core import mail, tasks
from core.logs import WithoutArguments
from core.mail_files import EmailBackend
from core.models import SiteSettings
from core.worker import work

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Outbox

WORDS = {
    "greeting_subject.txt": "Hello\n from {{ site.title }}: {{ who }}",
    "greeting.txt": "Hello {{ who }}\n\n{{ origin }}/tags/\n",
    "greeting.html": "<p>Hello {{ who }}</p>",
    "plain_subject.txt": "Plain",
    "plain.txt": "Nothing but text",
}


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three templates of a message, and two of one without HTML."""
    django: Any = engines["django"]
    engine = django.engine
    loader = ("django.template.loaders.locmem.Loader", WORDS)
    monkeypatch.setattr(
        engine, "template_loaders", engine.get_template_loaders([loader])
    )


def send(prefix: str = "greeting", to: str = "ada@example.org", **context: Any) -> None:
    mail.send(prefix, to=to, context={"who": "Ada"} | context)


@pytest.mark.django_db
@pytest.mark.usefixtures("words")
class TestSend:
    def test_goes_out_with_text_and_html(self, outbox: Outbox) -> None:
        SiteSettings.objects.create(pk=1, title="Notes")

        send()

        [message] = outbox()
        assert message.to == ["ada@example.org"]
        assert message.subject == "Hello from Notes: Ada"
        assert message.body == "Hello Ada\n\nhttp://127.0.0.1:8000/tags/\n"
        assert message.alternatives[0][0] == "<p>Hello Ada</p>"  # type: ignore[attr-defined]

    def test_goes_out_without_html(self, outbox: Outbox) -> None:
        send("plain")

        [message] = outbox()
        assert message.alternatives == []  # type: ignore[attr-defined]

    def test_is_not_sent_by_the_request(self) -> None:
        send()

        assert django_mail.outbox == []

    def test_missing_text_is_an_error(self) -> None:
        with pytest.raises(Exception, match="absent"):
            send("absent")

    @pytest.mark.parametrize(
        "to",
        [
            "ada@example.org\nBcc: eve@example.org",
            "ada@example.org, eve@example.org",
            "Ada <ada@example.org>",
            "",
        ],
    )
    def test_goes_to_one_plain_address_only(self, to: str) -> None:
        with pytest.raises(ValidationError):
            send(to=to)

    def test_subject_cannot_begin_a_header(self, outbox: Outbox) -> None:
        send(who="Ada\r\nBcc: eve@example.org")

        [message] = outbox()
        assert message.message()["Bcc"] is None
        assert "\n" not in message.subject

    def test_every_try_has_the_same_message_id(
        self, run_tasks: Callable[[], None]
    ) -> None:
        send()
        job = ProcrastinateJob.objects.latest("pk")

        tasks.send_mail.func(**job.args)
        tasks.send_mail.func(**job.args)

        first, second = (sent.message()["Message-ID"] for sent in django_mail.outbox)
        assert first == second
        assert first.endswith("@127.0.0.1>")

    def test_rolled_back_transaction_sends_nothing(self, outbox: Outbox) -> None:
        with transaction.atomic():
            send()
            transaction.set_rollback(True)

        assert outbox() == []


def test_failed_try_is_repeated_later_and_later() -> None:
    waits = []
    for attempts in range(9):
        decision = tasks.MAIL_RETRY.get_retry_decision(
            exception=OSError(), job=type("Job", (), {"attempts": attempts})()
        )
        waits.append(decision is not None)

    assert waits == [True] * 8 + [False]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("words")
def test_worker_sends_what_was_committed() -> None:
    send()
    with transaction.atomic():
        send(who="Nobody")
        transaction.set_rollback(True)

    asyncio.run(work(wait=False))

    bodies = [message.body for message in django_mail.outbox]
    assert any("Hello Ada" in str(body) for body in bodies)
    assert not any("Nobody" in str(body) for body in bodies)


class AwayBackend(EmailBackend):
    def send_messages(self, email_messages: Any) -> int:
        raise ConnectionRefusedError("nobody there")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("words")
def test_mail_server_that_is_away_loses_nothing_and_is_told(
    settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    away = {"BACKEND": f"{__name__}.AwayBackend", "OPTIONS": {"folder": tmp_path}}
    settings.MAILERS = {"default": away}
    send(who="A secret")

    asyncio.run(work(wait=False))

    job = ProcrastinateJob.objects.filter(task_name="send_mail").latest("pk")
    assert (job.status, job.attempts) == ("todo", 1)
    assert job.scheduled_at > timezone.now()
    assert "could not be sent yet: nobody there" in caplog.text
    assert "A secret" not in "".join(
        record.getMessage()
        for record in caplog.records
        if record.levelno >= logging.WARNING
    )


class RefusingBackend(EmailBackend):
    def send_messages(self, email_messages: Any) -> int:
        refused = {message.to[0]: (550, b"unknown") for message in email_messages}
        raise SMTPRecipientsRefused(refused)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("words", "empty_queue")
@pytest.mark.parametrize("tries", [0, 8])
def test_address_that_a_mail_server_refuses_is_not_in_the_log(
    settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture, tries: int
) -> None:
    refusing = {"BACKEND": f"{__name__}.RefusingBackend"}
    settings.MAILERS = {"default": refusing | {"OPTIONS": {"folder": tmp_path}}}
    caplog.handler.addFilter(WithoutArguments())
    send(to="ada@example.org")
    ProcrastinateJob.objects.filter(status="todo").update(attempts=tries)

    asyncio.run(work(wait=False))

    assert "could not be sent yet" in caplog.text
    assert "550" in caplog.text
    assert "ada@example.org" not in caplog.text


def test_log_names_a_job_without_its_words() -> None:
    job = {
        "call_string": "send_mail[7](text='code')",
        "task_name": "send_mail",
        "id": 7,
    }
    record = logging.makeLogRecord(
        {"msg": "Job send_mail[7](text='code') ended with status: Error", "job": job}
    )

    assert WithoutArguments().filter(record)
    assert record.getMessage() == "Job send_mail[7] ended with status: Error"


class TestFiles:
    def test_message_is_a_file_and_a_line(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        folder = tmp_path / "var" / "mail"
        backend = EmailBackend(folder=folder)

        sent = backend.send_messages(
            [EmailMessage("Čau\tthere", "Body", "a@example.org", ["b@example.org"])]
        )

        [path] = folder.iterdir()
        captured = capsys.readouterr()
        message = email.message_from_bytes(path.read_bytes(), policy=default)
        assert sent == 1
        assert re.fullmatch(r"\d{8}T\d{6}-1\.eml", path.name)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert message["To"] == "b@example.org"
        assert message["Subject"] == "Čau\tthere"
        assert captured.out == ""
        assert captured.err.count("\n") == 1
        for part in ("Čau", str(path)):
            assert part in captured.err
        assert "@" not in captured.err

    def test_line_stays_one_line(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        message = EmailMessage("a", "b", "a@example.org", ["b@example.org"])
        message.subject = "a\x1b[31m"

        EmailBackend(folder=tmp_path).send_messages([message])

        assert "\x1b" not in capsys.readouterr().err

    def test_writers_at_once_lose_nothing(self, tmp_path: Path) -> None:
        backend = EmailBackend(folder=tmp_path)

        def write(n: int) -> None:
            for m in range(10):
                backend.write(f"{n}-{m}".encode())

        threads = [threading.Thread(target=write, args=[n]) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        contents = {path.read_text() for path in tmp_path.iterdir()}
        assert contents == {f"{n}-{m}" for n in range(8) for m in range(10)}
        assert all(path.suffix == ".eml" for path in tmp_path.iterdir())


class TestMailer:
    @pytest.mark.parametrize(
        ("url", "expected"),
        [
            (
                "smtp://ada:p%40ss@mail.example:587",
                ("mail.example", 587, "ada", "p@ss", True, False),
            ),
            ("smtps://mail.example", ("mail.example", 465, "", "", False, True)),
            ("smtp+plain://localhost", ("localhost", 25, "", "", False, False)),
        ],
    )
    def test_reads_the_address(
        self, url: str, expected: tuple[object, ...], tmp_path: Path, settings: Any
    ) -> None:
        settings.MAILERS = {"default": mailer(url, tmp_path)}

        backend: Any = django_mail.mailers.default

        assert (
            backend.host,
            backend.port,
            backend.username,
            backend.password,
            backend.use_tls,
            backend.use_ssl,
        ) == expected

    def test_without_one_writes_files(self, tmp_path: Path, settings: Any) -> None:
        settings.MAILERS = {"default": mailer("", tmp_path)}

        assert isinstance(django_mail.mailers.default, EmailBackend)

    @pytest.mark.parametrize("url", ["mail.example", "http://x", "smtp://"])
    def test_refuses_what_is_none(self, url: str, tmp_path: Path) -> None:
        with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
            mailer(url, tmp_path)
