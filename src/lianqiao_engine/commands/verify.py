from pathlib import Path
from typing import get_args

import click

from lianqiao_engine.rounds.stored import read_round
from lianqiao_engine.rounds.verify import Fault, Verdict, verify

from .edge import refusals
from .wording import Language, Wording

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("plan", type=FILE)
@click.option("--language", type=click.Choice(get_args(Language)), default="zh", show_default=True)
def command(plan: Path, language: Language) -> None:
    """Check PLAN, the JSON of a plan, from its own lists and rules.

    Counted again, by code that shares nothing with the solvers: limits, bans, musts, dates, every score and the sum of
    its reasons, the totals. How far any other plan could be better is computed anew from the stored prices; that no
    plan has a better worst-off is not proven again. Exit code 1 when anything does not hold.
    """
    say = Wording(language)
    with refusals():
        verdict = verify(read_round(plan))
    for fault in verdict.faults:
        click.echo(told(fault, say))
    click.echo(_outcome(verdict, say))
    if verdict.faults:
        raise SystemExit(1)


def told(fault: Fault, say: Wording) -> str:
    of = " - ".join(fault.of)
    return say(
        "fault", of=of, what=say(f"fault.{fault.kind}"), have=f"{fault.have:g}", allowed=f"{fault.allowed:g}"
    )


def _outcome(verdict: Verdict, say: Wording) -> str:
    if verdict.faults:
        return say("verdict.faults", count=len(verdict.faults))
    if verdict.gap is None:
        return say("verdict.holds")
    return say("verdict.proven", gap=f"{100 * verdict.gap:.2f}")
