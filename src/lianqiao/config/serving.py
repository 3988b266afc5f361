"""Starts the server and the worker, watches both, and ends both."""

import errno
import gc
import multiprocessing
import os
import socket
import threading
import time
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import click
from django.conf import settings
from django.db import connections
from django.template.loader import get_template
from granian._internal import load_target
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from lianqiao.config.database import unsafe_settings, waiting_migrations
from lianqiao.config.locks import take
from lianqiao.config.static import collect_static
from lianqiao.config.worker import end_with_parent, run_as_child

WSGI = "lianqiao.config.wsgi:application"
IN_USE = "serving"
PATIENCE = 3  # seconds for a server that is just ending to let go of the port
WORKER_BACK_AFTER = 2  # seconds before a worker that died is started again


def prepare() -> None:
    """Check what a server needs, and lay out what it serves. Raises ClickException."""
    if waiting := waiting_migrations():
        raise click.ClickException(f"{len(waiting)} migrations are waiting. Run `lianqiao migrate` first.")
    if unsafe := unsafe_settings():
        raise click.ClickException(f"SQLite would not keep what it acknowledges: {'; '.join(unsafe)}.")
    if collect_static():
        click.echo("Laid out the files that pages load")


@dataclass(frozen=True)
class Serving:
    host: str
    port: int
    workers: int
    threads: int
    with_worker: bool = True

    @property
    def address(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{'127.0.0.1' if self.host in ('0.0.0.0', '::') else host}:{self.port}/"  # noqa: S104

    def run(self) -> None:
        """Serve until told to end (Ctrl-C, SIGTERM). `prepare` comes first."""
        wait_for_port(self.host, self.port)
        lock = take(IN_USE, shared=True)
        if lock is None:
            raise click.ClickException("A restore of this data folder is running. Wait until it has ended.")
        warm_up()
        worker = Worker() if self.with_worker else None
        server = Server(
            WSGI,
            address=self.host,
            port=self.port,
            interface=Interfaces.WSGI,
            workers=self.workers,
            blocking_threads=self.threads,
            respawn_failed_workers=True,
            # Requests that hang must not keep the machine from shutting down.
            workers_kill_timeout=10,
            log_level=LogLevels.error,
        )
        server.on_startup(lambda: click.echo(f"Lianqiao serves {self.address}  (Ctrl-C ends it)"))
        try:
            server.serve(target_loader=load_in_child)
        finally:
            if worker:
                worker.end()
            lock.close()


def load_in_child(target: str) -> Any:
    end_with_parent()
    loaded = load_target(target)
    # A page makes thousands of objects and lets all of them go; what was loaded until now stays, and need not be looked
    # through again and again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    return loaded


def warm_up() -> None:
    """Import what each request needs before the processes part: they start faster and share the memory."""
    import_module(settings.ROOT_URLCONF)
    get_template("base.html")
    load_target(WSGI)
    # A connection that two processes share would mix up their answers.
    connections.close_all()


class Worker:
    """The process that does the long work, started again when it dies."""

    def __init__(self) -> None:
        self.ending = False
        self.process = self.start()
        threading.Thread(target=self.watch, daemon=True).start()

    def start(self) -> multiprocessing.Process:
        process = multiprocessing.Process(target=run_as_child, name="lianqiao-worker")
        process.start()
        return process

    def watch(self) -> None:
        while not self.ending:
            self.process.join()
            time.sleep(WORKER_BACK_AFTER)
            if not self.ending:
                self.process = self.start()

    def end(self) -> None:
        self.ending = True
        self.process.terminate()
        self.process.join(timeout=10)
        self.process.kill()


def wait_for_port(host: str, port: int) -> None:
    """Raises ClickException when another program has it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    until = time.monotonic() + PATIENCE
    while True:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
                return
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise click.ClickException(
                        f"Cannot listen on {host}:{port}: {os.strerror(error.errno or 0)}"
                    ) from error
        if time.monotonic() > until:
            raise click.ClickException(
                f"Port {port} is in use by another program. Choose another one with --port."
            )
        time.sleep(0.2)
