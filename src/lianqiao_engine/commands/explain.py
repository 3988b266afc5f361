import json
import sys
from pathlib import Path
from typing import get_args

import click

from lianqiao_engine.rounds import Alternative, Match
from lianqiao_engine.rounds.alternatives import of_need
from lianqiao_engine.rounds.candidates import candidates
from lianqiao_engine.rounds.solving import solved
from lianqiao_engine.rounds.stored import Stored, read_round
from lianqiao_engine.text.normalise import normalise

from .edge import Unusable, refusals
from .plan_words import Words
from .wording import Language, Wording

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
MOST_NAMED = 10


@click.command()
@click.argument("plan", type=FILE)
@click.argument("need")
@click.option("--json", "as_json", is_flag=True, help="The same as data.")
@click.option("--language", type=click.Choice(get_args(Language)), default="zh", show_default=True)
def command(plan: Path, need: str, as_json: bool, language: Language) -> None:
    """Explain one NEED of PLAN, the JSON of a plan: why it got whom, and what would change that.

    NEED is its id (such as 需求清单!3), or a part of its text or of the enterprise's name. Every part of the score is
    told with the phrases of both texts; for the nearest three not chosen what stood in the way, what taking them would
    cost, and the smallest change that brings them into the plan, found by solving again.
    """
    say = Wording(language)
    with refusals():
        stored = read_round(plan)
        place = _place(stored, need, say)
        words = Words(stored, say)
        matches = [match for match in stored.result.matches if match.need == stored.needs[place].id]
        others = _others(stored, place)
    if as_json:
        _as_json(matches, others)
        return
    for line in words.explained(stored.needs[place].id, matches, others):
        click.echo(line)


def _place(stored: Stored, asked: str, say: Wording) -> int:
    ids = [need.id for need in stored.needs]
    if asked in ids:
        return ids.index(asked)
    wanted = normalise(asked)
    found = [
        at
        for at, need in enumerate(stored.needs)
        if wanted in normalise(f"{need.enterprise}\n{stored.titles.get(need.id, need.id)}")
    ]
    if len(found) == 1:
        return found[0]
    if not found:
        raise Unusable(say("no such need", asked=asked))
    named = "\n".join(f"  {ids[at]}  {stored.needs[at].enterprise}" for at in found[:MOST_NAMED])
    raise Unusable(say("several needs", asked=asked, named=named))


def _others(stored: Stored, place: int) -> list[Alternative]:
    """The round is held again: what is asked about is the plan that its lists and rules give."""
    found = candidates(stored.needs, stored.offers, stored.rules)
    answer = solved(found)
    return list(of_need(found, answer.problem, answer.plan, place))


def _as_json(matches: list[Match], others: list[Alternative]) -> None:
    from pydantic import TypeAdapter  # noqa: PLC0415 - for programs only

    facts = {
        "matches": TypeAdapter(list[Match]).dump_python(matches, mode="json"),
        "alternatives": TypeAdapter(list[Alternative]).dump_python(others, mode="json"),
    }
    json.dump(facts, sys.stdout, ensure_ascii=False, indent=1)
    click.echo()
