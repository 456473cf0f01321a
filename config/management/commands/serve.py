from __future__ import annotations

import os
import socket
import sys
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from accounts import services as accounts
from config import database
from config.progress import progress
from config.secret import make_secret_key
from config.static_files import collect_static_files
from config.supervisor import Supervisor, ended_by_signals
from demo import services as demo

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


class Command(BaseCommand):
    help = (
        "Run the whole blog: database, migrations, static files, demo content, "
        "background worker and web server."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="0: a free one")
        parser.add_argument("--bind", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--no-demo", action="store_true", help="no demo content")

    def handle(self, *args: Any, **options: Any) -> None:
        with ended_by_signals(), listen(options["bind"], options["port"]) as listener:
            host, port = options["bind"], listener.getsockname()[1]
            origin = (
                f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
            )
            if not os.environ.get("BYLINE_ORIGIN"):
                settings.ORIGIN = origin
            make_secret_key(settings.DATA_DIR)
            database.prepare()
            with progress("Collecting static files"):
                collect_static_files()
            supervisor = Supervisor(settings.BASE_DIR, child_environment())
            try:
                start_children(supervisor, listener)
                if database.is_embedded() and not options["no_demo"]:
                    demo.load_demo()
                with progress("Waiting for the web server"):
                    supervisor.wait_until_ready(
                        ANY_ADDRESS.get(host, host), port, allowed_host()
                    )
                self.announce(origin)
                connections.close_all()
                supervisor.watch()
            finally:
                supervisor.stop()

    def announce(self, origin: str) -> None:
        self.stdout.write(f"Byline is ready at {origin}/")
        if not get_user_model().objects.filter(is_superuser=True).exists():
            token = accounts.make_owner_token()
            self.stdout.write(f"Set up the owner: {origin}/accounts/owner/{token}/")
        self.stdout.flush()


def listen(bind: str, port: int) -> socket.socket:
    """A listening socket, opened here so that a busy port is known before all else."""
    try:
        family, _, _, _, address = socket.getaddrinfo(
            bind, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.create_server(address[:2], family=family, backlog=2048)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        where = f"{bind}, port {port}"
        raise CommandError(f"Cannot listen on {where}: {reason}.") from error
    return listener


def start_children(supervisor: Supervisor, listener: socket.socket) -> None:
    web = ["-m", "gunicorn", "--config", "config/gunicorn.py"]
    web += ["--bind", f"fd://{listener.fileno()}", "--graceful-timeout", "2"]
    supervisor.start("web server", [sys.executable, *web], handles=[listener.fileno()])
    supervisor.start("worker", [sys.executable, "manage.py", "worker"], handles=[])


def child_environment() -> dict[str, str]:
    """What the children, who work in the checkout, cannot know by themselves."""
    return os.environ | {
        "BYLINE_ORIGIN": settings.ORIGIN,
        "BYLINE_DATA_DIR": str(settings.DATA_DIR),
        "BYLINE_STATIC_ROOT": str(settings.STATIC_ROOT),
    }


def allowed_host() -> str:
    return next((h for h in settings.ALLOWED_HOSTS if h[0] not in "*."), "localhost")
