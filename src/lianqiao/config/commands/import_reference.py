import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from lianqiao.core.actor import at_the_terminal
from lianqiao.registry.actions.reference import import_reference
from lianqiao.registry.editions import Difference, difference
from lianqiao.registry.models import Edition
from lianqiao.registry.tables import BadTable, Row, read_table

SHOWN = 8


@click.command()
@click.argument("kind", type=click.Choice(Edition.Kind.values))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--edition", help="What this edition is called, such as 'GB/T 4754-2017'. Default: the file's name."
)
@click.option(
    "--valid-from", type=click.DateTime(["%Y-%m-%d"]), help="The day from which it holds. Default: today."
)
@click.option("--yes", is_flag=True, help="Do not ask; needed where nobody can answer.")
def command(kind: str, file: Path, edition: str | None, valid_from: datetime | None, yes: bool) -> None:
    """Load an edition of a reference table from a CSV (UTF-8 or GB18030) or Excel file.

    Shows first what would be added, changed and ended. Columns: code, name, and optional level and parent;
    for workdays date, is_workday and optional name; Chinese heads are understood. Codes that the new edition
    does not hold end on its first day and stay for old records.
    """
    rows = read(kind, file)
    found = difference(kind, rows)
    show(found, rows)
    if not found:
        click.echo("Nothing to do: the table holds all of it already.")
        return
    if not yes and not agreed():
        raise click.ClickException("Nothing was changed.")
    total = len(found.added) + len(found.changed)
    with click.progressbar(length=total, label="Importing", file=sys.stderr) as bar:
        loaded = import_reference(
            kind,
            rows,
            edition=edition or file.stem,
            valid_from=day_of(valid_from),
            by=at_the_terminal("import-reference"),
            step=bar.update,
        )
    click.echo(
        f"Loaded '{loaded.name}': {loaded.added} added, {loaded.changed} changed, {loaded.ended} ended."
    )


def read(kind: str, file: Path) -> list[Row]:
    try:
        return read_table(kind, file.name, file.read_bytes())
    except BadTable as refusal:
        for problem in refusal.problems:
            click.echo(f"{file.name}: {problem}", err=True)
        raise


def agreed() -> bool:
    if not sys.stdin.isatty():
        raise click.ClickException("Nobody is here to agree. Use --yes to import without asking.")
    return click.confirm("Import this?")


def day_of(given: datetime | None) -> date:
    return given.date() if given else timezone.localdate()


def show(found: Difference, rows: list[Row]) -> None:
    click.echo(
        f"{len(rows)} rows: {len(found.added)} new, {len(found.changed)} changed, {len(found.ended)} to end"
    )
    examples(found.added, "+", lambda row: f"{row.code} {row.name}")
    examples(
        found.changed,
        "~",
        lambda change: (
            f"{change.item} -> {change.row.name}" if change.is_renamed else f"{change.item}: place or level"
        ),
    )
    examples(found.ended, "-", str)


def examples(rows: list, mark: str, told: Callable[[Any], str]) -> None:
    for row in rows[:SHOWN]:
        click.echo(f"  {mark} {told(row)}")
    if len(rows) > SHOWN:
        click.echo(f"  {mark} ... and {len(rows) - SHOWN} more")
