"""The process that does the long work."""

import logging
import os
import threading
import time
from importlib import import_module
from typing import IO

import click
from django.conf import settings
from huey.constants import WORKER_THREAD
from huey.contrib.djhuey import HUEY

from lianqiao.config.locks import take
from lianqiao.core.jobs import resume_interrupted

log = logging.getLogger(__name__)
LOCK = "worker"


class OtherWorker(click.ClickException):
    def __init__(self) -> None:
        super().__init__("Another worker of this data folder is running already.")


def run_worker() -> None:
    """Work off the queue until told to end (SIGTERM, SIGINT). Raises OtherWorker."""
    lock = take(LOCK)
    if lock is None:
        raise OtherWorker
    note(lock)
    # Kinds of jobs are declared beside the pages that start them.
    import_module(settings.ROOT_URLCONF)
    if resumed := resume_interrupted():
        log.warning("%s interrupted jobs are queued again", resumed)
    HUEY.create_consumer(workers=1, worker_type=WORKER_THREAD, check_worker_health=True).run()
    lock.close()


def note(lock: IO[str]) -> None:
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()


def end_with_parent() -> None:
    """A child must not outlive a parent that was killed: it would keep the port and the lock."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.2)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def run_as_child() -> None:
    end_with_parent()
    run_worker()
