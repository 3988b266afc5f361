import os
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from lianqiao.config.serving import Serving, prepare

OPTIONS = [
    click.option(
        "--host", envvar="LIANQIAO_HOST", default="127.0.0.1", show_default=True, help="Address to listen on."
    ),
    click.option(
        "--port", envvar="LIANQIAO_PORT", default=8000, show_default=True, type=click.IntRange(1, 65535)
    ),
    click.option(
        "--workers",
        default=min(os.cpu_count() or 1, 4),
        show_default="one per core, at most 4",
        type=click.IntRange(1, 64),
        help="Processes that answer requests.",
    ),
    click.option(
        "--threads",
        default=8,
        show_default=True,
        type=click.IntRange(1, 256),
        help="Threads of each of these processes.",
    ),
    click.option("--no-worker", is_flag=True, help="Start no worker; `lianqiao worker` runs elsewhere."),
]


def how_to_serve(command: Callable[..., None]) -> Callable[..., None]:
    """Adds the options and hands them over as one `serving`."""

    @wraps(command)
    def wrapper(host: str, port: int, workers: int, threads: int, no_worker: bool, **others: Any) -> None:
        command(serving=Serving(host, port, workers, threads, not no_worker), **others)

    for option in reversed(OPTIONS):
        wrapper = option(wrapper)
    return wrapper


@click.command()
@how_to_serve
def command(serving: Serving) -> None:
    """Serve what is there: pages, API, and the worker that does long work.

    Refuses to start when the database is not migrated, or would not keep what it acknowledges.
    To be reached from other machines it needs --host 0.0.0.0 and their name for it in LIANQIAO_HOSTS.
    """
    prepare()
    serving.run()
