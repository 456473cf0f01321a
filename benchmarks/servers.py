"""What the blog is measured beside: bare applications, Django alone, nginx."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from benchmarks import processes
from benchmarks.answers import Answer
from benchmarks.figures import Unmeasurable
from benchmarks.site import ROOT, WORKERS, environment

PATIENCE = 60.0
PROGRAMS = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin"
BARE = {
    "sync": ["-k", "sync", "benchmarks.bare:wsgi"],
    "asgi": [
        *("-k", "config.web_worker.WebWorker", "--keep-alive=15"),
        "benchmarks.bare:asgi",
    ],
}
HEADERS_OF_NGINX = {"content-length", "content-type"}
NGINX = """\
user {user};
worker_processes {workers};
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    sendfile on;
    tcp_nopush on;
    open_file_cache max=100;
    keepalive_requests 100000000;
    server_tokens off;
    etag off;
    max_ranges 0;
    types {{}}
    default_type "{kind}";
    server {{
        listen 127.0.0.1:{port};
        root {folder};
        add_header Last-Modified "";
        {headers}
    }}
}}
"""


class NotInstalled(Unmeasurable):
    """The program to compare with is not on this machine."""


@dataclass(frozen=True)
class Server:
    url: str
    pid: int

    def workers(self) -> list[int]:
        return processes.workers_of(self.pid, WORKERS)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def bare(kind: str, answer: Path) -> Iterator[Server]:
    """The answer in `answer` from a bare application: `sync` or `asgi`."""
    with gunicorn(BARE[kind], os.environ | {"BARE_ANSWER": str(answer)}) as server:
        yield server


@contextmanager
def django(data: Path, *options: str, view: Path | None = None) -> Iterator[Server]:
    """The blog's own gunicorn on the data of one that runs, `options` last.

    With `view`, an answer's file, it has that as its only page (`benchmarks.view`).
    """
    variables = environment(data)
    if view:
        variables["DJANGO_SETTINGS_MODULE"] = "benchmarks.view.settings"
        variables["BARE_ANSWER"] = str(view)
    with gunicorn(["-c", "config/gunicorn.py", *options], variables) as server:
        yield server


@contextmanager
def gunicorn(options: list[str], variables: dict[str, str]) -> Iterator[Server]:
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", f"--workers={WORKERS}"]
    command += [f"--bind=127.0.0.1:{port}", "--no-control-socket", *options]
    with started(command, variables, port) as server:
        yield server


@contextmanager
def nginx(answer: Answer) -> Iterator[Server]:
    """The answer from a file, with the same headers."""
    program = shutil.which("nginx", path=PROGRAMS)
    if program is None:
        raise NotInstalled("nginx is not installed")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        port = free_port()
        (folder / "index.html").write_bytes(answer.body)
        (folder / "nginx.conf").write_text(nginx_settings(answer, folder, port))
        command = [program, "-p", name, "-c", str(folder / "nginx.conf")]
        with started(command, dict(os.environ), port) as server:
            yield server


def nginx_settings(answer: Answer, folder: Path, port: int) -> str:
    named = dict(answer.headers)
    lines = [
        f"add_header {name} {quoted(value)};"
        for name, value in answer.headers
        if name not in HEADERS_OF_NGINX
    ]
    return NGINX.format(
        user=pwd.getpwuid(os.getuid()).pw_name,
        workers=WORKERS,
        folder=folder,
        kind=named["content-type"],
        port=port,
        headers="\n        ".join(lines),
    )


def quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@contextmanager
def started(
    command: list[str], variables: dict[str, str], port: int
) -> Iterator[Server]:
    process = subprocess.Popen(
        command, cwd=ROOT, env=variables, stderr=subprocess.DEVNULL
    )
    server = Server(f"http://127.0.0.1:{port}/", process.pid)
    try:
        wait_for(server.url, process)
        yield server
    finally:
        process.terminate()
        process.wait()


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(OSError):
            urlopen(url, timeout=PATIENCE).close()  # noqa: S310
            return
        time.sleep(0.1)
    raise Unmeasurable(f"{process.args!r} does not answer")
