"""How a command says how far it is: a bar on a terminal, now and then a line elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

EVERY = 2.0


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """Yields what is told (what, done, total)."""
    teller = Teller()
    try:
        yield teller.tell
    finally:
        if teller.on_terminal and teller.what:
            click.echo("", err=True)


class Teller:
    def __init__(self) -> None:
        self.on_terminal = sys.stderr.isatty()
        self.what, self.told = "", time.monotonic()

    def tell(self, what: str, done: int, total: int) -> None:
        is_new, now = what != self.what, time.monotonic()
        if not self.on_terminal and now - self.told < EVERY:
            return
        if is_new and self.on_terminal and self.what:
            click.echo("", err=True)
        self.what, self.told = what, now
        line = f"{what} {100 * done // max(total, 1)} %"
        click.echo(f"\r{line}" if self.on_terminal else line, err=True, nl=not self.on_terminal)
