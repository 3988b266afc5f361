import sys
from typing import Any

import click

from lianqiao.core.actor import at_the_terminal
from lianqiao.matching.engine import BadRecord, engine_version
from lianqiao.matching.models import RoundRecord
from lianqiao.matching.queries.rounds import rounds_for
from lianqiao.matching.tasks import checked


@click.group()
def command() -> None:
    """Rounds of matching: held again from their records."""


@command.command()
@click.argument("pk", metavar="ID", type=click.IntRange(min=1))
def replay(pk: int) -> None:
    """Hold round ID again from its record, and count its plan again without believing it.

    Exit code 0 when the very same plan came out and every rule, score and bound holds, 1 when not.
    """
    row = rounds_for(at_the_terminal("rounds replay")).filter(pk=pk).first()
    if row is None:
        raise click.BadParameter(f"there is no round {pk}", param_hint="ID")
    try:
        told = checked(row, lambda told: click.echo(f"  {told.stage}", err=True))
    except RoundRecord.DoesNotExist:
        raise click.ClickException(f"round {pk} was never held: there is nothing to replay") from None
    except BadRecord:
        click.echo(f"NOT THE SAME: the record of round {pk} is not what was written.", err=True)
        sys.exit(1)
    for line in lines_of(told):
        click.echo(line)
    if not told["same"] or told["faults"]:
        sys.exit(1)


def lines_of(told: dict[str, Any]) -> list[str]:
    lines = []
    if told["same"]:
        lines.append(f"The same plan to the bit, by engine {engine_version()}")
    else:
        differs = told["differs"]
        changed = "" if told["kept"] == told["version"] else f" (kept by {told['kept']})"
        lines.append(f"NOT THE SAME, by engine {told['version']}{changed}:")
        lines.append(f"  {differs['gone']} matches gone, {differs['new']} new")
        lines += [f"  {name} {differs[name][0]} then, {differs[name][1]} now" for name in ("sum", "bound")]
    lines += [
        f"WRONG: {fault['kind']} {' '.join(fault['of'])}: {fault['have']:g}, should be {fault['allowed']:g}"
        for fault in told["faults"]
    ]
    if not told["faults"]:
        gap = (
            "no bound was kept"
            if told["gap"] is None
            else f"within {100 * told['gap']:.2f} % of the best plan"
        )
        lines.append(f"All rules hold, scores and reasons are right; {gap}")
    return lines
