import click

from lianqiao.config.worker import run_worker


@click.command()
def command() -> None:
    """Do the long work of the queue, without serving pages.

    `lianqiao serve` starts a worker by itself; this is for a worker that runs on its own.
    """
    run_worker()
