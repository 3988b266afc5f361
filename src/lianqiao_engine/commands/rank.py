import sys
from pathlib import Path

import click

from lianqiao_engine.rank import rank, write_run
from lianqiao_engine.records import read_records

from .edge import refusals, whole

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--offers", "offers_file", type=FILE, required=True, help="JSONL: id, and fields of text.")
@click.option("--needs", "needs_file", type=FILE, required=True, help="JSONL in the same form.")
@click.option(
    "--top", default=100, show_default=True, type=click.IntRange(1, 10_000), help="Offers of each need."
)
@click.option(
    "-o", "out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The run, TSV."
)
def command(offers_file: Path, needs_file: Path, top: int, out: Path) -> None:
    """Rank the offers for every need.

    The result has no head: need id, offer id, rank from 1, score; equal scores go by the offers' ids.
    """
    with refusals():
        offers, needs = read_records(offers_file), read_records(needs_file)
        with click.progressbar(length=len(needs), label="Ranking", file=sys.stderr) as bar:
            best = rank(offers, needs, top, progress=lambda done, _: bar.update(done - bar.pos))
        with whole(out) as part:
            write_run(best, offers, needs, part)
