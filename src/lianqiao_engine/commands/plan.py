import sys
from datetime import date, datetime
from pathlib import Path
from time import monotonic
from typing import get_args

import click

from lianqiao_engine.assign.plan import Progress
from lianqiao_engine.rounds import Rules, hold
from lianqiao_engine.rounds.lists import Entries, entries_of
from lianqiao_engine.rounds.stored import Stored, write_round
from lianqiao_engine.sheets import BadWorkbook, read_lists

from .edge import Unusable, refusals, whole
from .plan_terminal import lines
from .plan_words import Words
from .plan_workbook import write_workbook
from .wording import Language, Wording

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("lists", type=FILE)
@click.option("-o", "out", type=OUT, required=True, help="The plan, an .xlsx workbook.")
@click.option("--json", "json_out", type=OUT, help="The whole round, for `explain`, `verify` and programs.")
@click.option("--objective", type=click.Choice(["fair", "best"]), default="fair", show_default=True)
@click.option("--seed", default=0, show_default=True, help="Tells equally good plans apart.")
@click.option("--time-limit", type=click.FloatRange(min=0.1), help="Seconds; the best plan so far is kept.")
@click.option(
    "--partners", type=click.IntRange(1, 20), default=1, show_default=True, help="Partners a need may have."
)
@click.option(
    "--capacity", type=click.IntRange(0), default=1, show_default=True, help="Of an offer that states none."
)
@click.option(
    "--each-unit/--any-unit",
    default=True,
    show_default=True,
    help="Whether every unit with resources gets a need, where that can be.",
)
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="The day to plan for.  [default: today]")
@click.option("--language", type=click.Choice(get_args(Language)), default="zh", show_default=True)
def command(
    lists: Path,
    out: Path,
    json_out: Path | None,
    objective: str,
    seed: int,
    time_limit: float | None,
    partners: int,
    capacity: int,
    each_unit: bool,
    today: datetime | None,
    language: Language,
) -> None:
    """Match the three lists of the workbook LISTS: resources, services, needs.

    Columns are found by their heads, in whatever order. The plan says who is matched with whom and why, what was not
    matched and what would change it, and how far any other plan could be better.
    """
    say = Wording(language)
    rules = Rules(
        objective=objective,  # type: ignore[arg-type]
        seed=seed,
        time_limit=time_limit,
        wants=partners,
        capacity=capacity,
        units_owed=each_unit,
    )
    with refusals():
        entries = _read(lists, _day(today), say)
        with _Bar(say) as bar:
            result = hold(entries.needs, entries.offers, rules, ranked=bar.ranked, progress=bar.solving)
        stored = Stored(entries.needs, entries.offers, rules, result, entries.titles, entries.remarks)
        words = Words(stored, say)
        with whole(out) as part:
            write_workbook(words, part)
        if json_out:
            with whole(json_out) as part:
                write_round(stored, part)
    for line in lines(words, str(out)):
        click.echo(line)
    click.echo(say("told.written", out=", ".join(str(path) for path in (out, json_out) if path)), err=True)


def _read(path: Path, today: date, say: Wording) -> Entries:
    try:
        entries = entries_of(read_lists(path, today=today), today)
    except BadWorkbook as error:
        raise Unusable(f"{path}: {say(f'workbook.{error.what}', where=error.where)}") from error
    for side in ("needs", "offers"):
        if not getattr(entries, side):
            raise Unusable(f"{path}: {say(f'no {side}')}")
    return entries


def _day(today: datetime | None) -> date:
    return today.date() if today else date.today()  # noqa: DTZ011 - the day of the clerk's own clock


class _Bar:
    """A bar on standard error, once the work takes longer than a second."""

    def __init__(self, say: Wording) -> None:
        self._say, self._began, self._drawn = say, monotonic(), False

    def __enter__(self) -> "_Bar":
        return self

    def __exit__(self, *_: object) -> None:
        if self._drawn:
            click.echo("", err=True)

    def ranked(self, done: int, needs: int) -> None:
        self._draw(self._say("told.ranking"), done / needs)

    def solving(self, progress: Progress) -> None:
        self._draw(self._say("told.solving"), progress.done)

    def _draw(self, what: str, done: float | None) -> None:
        if monotonic() - self._began < 1 or not sys.stderr.isatty():
            return
        self._drawn = True
        filled = "" if done is None else f" [{'#' * int(30 * done):<30}] {done:4.0%}"
        click.echo(f"\r{what}{filled} {monotonic() - self._began:.0f} s\033[K", nl=False, err=True)
