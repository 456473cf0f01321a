"""The process that runs background tasks, and comes back when the database does."""

from __future__ import annotations

import asyncio
import logging
import signal

import psycopg
from django.conf import settings
from django.db import DatabaseError
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.psycopg_connector import PsycopgConnector

from core.pagecache import purge

logger = logging.getLogger(__name__)

PAUSE = 2.0
GRACE = 2.0
# Where the database is, is asked through Django, which has errors of its own.
AWAY = (ConnectorException, psycopg.Error, DatabaseError, OSError)


async def work(*, wait: bool) -> None:
    """Run tasks until SIGTERM or SIGINT, or with `wait=False` until none is due.

    A task that does not end in two seconds after the signal is left to be taken up
    again later: `retry_stalled_jobs` finds it.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    stopped = asyncio.create_task(stop.wait())
    purging = asyncio.create_task(_purge()) if wait else stopped
    while not stop.is_set():
        session = asyncio.create_task(_session(wait=wait))
        await asyncio.wait({session, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if stop.is_set():
            session.cancel()
        try:
            await session
        except asyncio.CancelledError:
            return
        except AWAY as error:
            logger.warning("The worker lost its database and tries again: %s", error)
        if not wait:
            break
        await asyncio.wait({stopped}, timeout=PAUSE)
    stopped.cancel()
    purging.cancel()


async def _purge() -> None:
    if settings.SHARED_CACHE is not None:
        await purge.follow(settings.SHARED_CACHE)


async def _session(*, wait: bool) -> None:
    """Work until the database goes away. Where it is, is asked anew each time."""
    params = await asyncio.to_thread(connector_params)
    connector = PsycopgConnector(kwargs=params, min_size=1, max_size=4, timeout=2)
    with app.replace_connector(connector):
        async with app.open_async():
            await app.run_worker_async(
                wait=wait,
                concurrency=2,
                delete_jobs="successful",
                install_signal_handlers=False,
                shutdown_graceful_timeout=GRACE,
            )
