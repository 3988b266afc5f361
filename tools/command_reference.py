"""Writes docs/reference/commands.md: what `lianqiao … --help` says, so that the two cannot differ."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from lianqiao.config.cli import main as lianqiao

PAGE = Path(__file__).parents[1] / "docs/reference/commands.md"
HEAD = """\
# Commands

What `lianqiao COMMAND --help` prints, written by `.venv/bin/python tools/command_reference.py`. `make` puts the
console script into `.venv/bin`. Variables of the environment are told in [settings.md](settings.md).
"""
WIDTH = 100


def commands(
    command: click.Command, name: str, above: click.Context | None = None
) -> Iterator[tuple[str, str]]:
    """`(name, help)` of a command and of everything below it, in the order in which the help lists them."""
    with command.make_context(name, [], above, resilient_parsing=True, terminal_width=WIDTH) as context:
        yield context.command_path, command.get_help(context)
        for below in command.list_commands(context) if isinstance(command, click.Group) else []:
            inner = command.get_command(context, below)
            if inner and not inner.hidden:
                yield from commands(inner, below, context)


def page() -> str:
    parts = [f"\n## {name}\n\n```text\n{text}\n```\n" for name, text in commands(lianqiao, "lianqiao")]
    return HEAD + re.sub(r"[ \t]+$", "", "".join(parts), flags=re.MULTILINE)


def main() -> int:
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
