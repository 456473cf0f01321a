from __future__ import annotations

import contextlib
import importlib
import os
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from gunicorn.app import wsgiapp

from accounts import services as accounts
from config import database, listener
from config.progress import progress
from config.secret import make_secret_key
from config.static_files import collect_static_files
from config.supervisor import Supervisor, end_on_signals
from demo.pictures import Pictures
from demo.services import load_demo

if TYPE_CHECKING:
    import socket

    from django.core.management.base import CommandParser

LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


class Command(BaseCommand):
    help = (
        "Run the whole blog: database, migrations, static files, demo content, "
        "background worker and web server."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        listener.add_arguments(parser)
        parser.add_argument("--no-demo", action="store_true", help="no demo content")

    def handle(self, *args: Any, **options: Any) -> None:
        end_on_signals()
        try:
            with contextlib.suppress(KeyboardInterrupt):
                self.serve(
                    options["bind"], options["port"], demo=not options["no_demo"]
                )
        except CommandError as error:
            # Django would put the name of the class before the sentence.
            if options["traceback"]:
                raise
            sys.exit(str(error))

    def serve(self, bind: str, port: int, *, demo: bool) -> None:
        front = listener.listen(bind, port)
        prepare(with_demo=demo)
        supervisor = Supervisor()
        try:
            supervisor.start("web server", partial(run_gunicorn, front.fileno()))
            supervisor.start("worker", partial(run_worker, front))
            with progress("Waiting for the web server"):
                supervisor.wait_until_ready(
                    LOOPBACK.get(bind, bind), front.getsockname()[1], allowed_host()
                )
            self.announce(listener.origin(bind, front))
            supervisor.watch()
        finally:
            supervisor.stop()

    def announce(self, origin: str) -> None:
        lines = [f"Byline is ready at {origin}/"]
        if not get_user_model().objects.filter(is_superuser=True).exists():
            token = accounts.make_owner_token()
            lines.append(f"Set up the owner: {origin}/accounts/owner/{token}/")
        connections.close_all()
        # From here on the database may go away and come back, and serve stays.
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


def prepare(*, with_demo: bool) -> None:
    make_secret_key(settings.DATA_DIR)
    # Begun before the database is there: it takes as long as all that comes between.
    ahead = Pictures() if with_demo and database.is_new() else contextlib.nullcontext()
    with ahead as pictures:
        database.prepare()
        with progress("Collecting static files"):
            collect_static_files()
        if with_demo and database.is_embedded():
            with progress("Loading the demo content"):
                load_demo(pictures)
    # What every child needs is loaded once; a connection cannot be shared by a fork.
    importlib.import_module(settings.ROOT_URLCONF)
    connections.close_all()


def run_gunicorn(handle: int) -> None:
    """Become gunicorn, as `gunicorn -c config/gunicorn.py` in the checkout would."""
    os.chdir(settings.BASE_DIR)
    sys.argv = ["gunicorn", "--config", "config/gunicorn.py"]
    sys.argv += ["--bind", f"fd://{handle}", "--graceful-timeout", "2"]
    wsgiapp.run()


def run_worker(front: socket.socket) -> None:
    # Whoever holds it keeps the port busy, should serve be killed.
    front.close()
    call_command("worker")


def allowed_host() -> str:
    return next((h for h in settings.ALLOWED_HOSTS if h[0] not in "*."), "localhost")
