import sys

import click

from lianqiao.core import audit

PROBLEMS = {
    "edited": "its content was changed",
    "missing": "it was taken out",
    "inserted": "it was put in from outside",
    "order": "it does not follow the one before",
    "truncated": "the trail ends before it",
    "rewritten": "it is not the one whose hash was noted",
    "head": "it is not the one that the trail's head names",
}


@click.group()
def command() -> None:
    """The audit trail: is it whole, and where does it end?"""


@command.command()
@click.option(
    "--head",
    "noted",
    default="",
    metavar="ID:HASH",
    help="A head that was noted outside the machine earlier.",
)
def verify(noted: str) -> None:
    """Recompute the whole trail and name the first entry that is wrong.

    Exit code 0 when it is whole, 1 when it is not. Only a head noted outside can show that somebody who also
    holds the key has rewritten all of it.
    """
    total = int(audit.head().partition(":")[0])
    try:
        with click.progressbar(length=total, label="Verifying", file=sys.stderr) as bar:
            verdict = audit.verify(noted, progress=lambda done: bar.update(done - bar.pos))
    except ValueError as error:
        raise click.BadParameter(
            "expected ID:HASH as `lianqiao audit head` prints it", param_hint="--head"
        ) from error
    if not verdict.is_whole:
        click.echo(
            f"NOT WHOLE: entry {verdict.bad} - {PROBLEMS[verdict.problem]} ({verdict.problem}).", err=True
        )
        raise SystemExit(1)
    click.echo(f"The trail is whole: {verdict.entries} entries, head {verdict.head}")


@command.command()
def head() -> None:
    """Print where the trail ends, as ID:HASH. Note it outside the machine, for `audit verify --head`."""
    click.echo(audit.head())
