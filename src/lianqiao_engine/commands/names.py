from pathlib import Path

import click

from lianqiao_engine.names import write_names

from .edge import refusals, whole

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--full", "full_file", type=FILE, required=True, help="CSV with columns code and fullname.")
@click.option("--short", "short_file", type=FILE, required=True, help="CSV with a column name.")
@click.option(
    "-o", "out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The matches, TSV."
)
def command(full_file: Path, short_file: Path, out: Path) -> None:
    """Find the five likeliest full names of every short name.

    The result has no head: short name, rank from 1, code, full name, score 0 to 1.
    """
    with refusals(), whole(out) as part:
        write_names(full_file, short_file, part)
