"""An accepted match that comes to nothing after all: said by one side or the office, and everything it held is free."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from lianqiao.core.actor import COMMAND, Actor
from lianqiao.core.lifecycle import Lifecycle
from lianqiao.core.refusals import Refused
from lianqiao.core.writing import locked
from lianqiao.lists.actions.moves import back_to_list
from lianqiao.lists.models import Entry
from lianqiao.matching.actions.matches import say
from lianqiao.matching.actions.pairings import drop_pairing
from lianqiao.matching.models import Match, Pairing, Side
from lianqiao.matching.queries.matches import side_of
from lianqiao.matching.telling import tell_side

lifecycle = Lifecycle(Match)
State, Said = Match.State, Match.Said
# What came of a match, as the apps above know it: the first such row, or None.
GOES_ON: list[Callable[[Match], Any]] = []


class GoesOn(Refused):
    code = "goes_on"
    sentence = _(
        "“%(what)s”由这次对接而来，不能登记未谈成；还没有签订的协议请先作废，还没有完成的项目请先中止。"
    )


@lifecycle.move(State.ACCEPTED, to=State.FAILED)
def fall_through(
    match: Match, *, by: Actor, now: datetime, reason: str, note: str = "", is_shared: bool = False
) -> None:
    """Both are told that it is over; why is read by the own side and the office, unless the note is shared.

    Raises GoesOn.
    """
    locked(match.chain)
    going = next((row for ask in GOES_ON if (row := ask(match))), None)
    if going:
        raise GoesOn(what=going)
    side = side_of(by, match)
    say(
        match, side, Said.FAILED, by=by, now=now, reason=reason, note=note, is_shared=is_shared and bool(note)
    )
    match.settled_at = now
    # It follows from what was said: a side may not move the entry, or end a pair of three, as such.
    free(match, by=replace(by, role=COMMAND))
    for asked in Side:
        if asked != side:
            tell_side(match, asked, "match_failed")


def free(match: Match, *, by: Actor) -> None:
    need, pairing = locked(match.need), match.pairing and locked(match.pairing)
    others = Match.objects.filter(state=State.ACCEPTED).exclude(pk=match.pk)
    if need.state == Entry.State.MATCHING and not others.filter(need=need).exists():
        back_to_list(need, by=by)
    if pairing and pairing.state == Pairing.State.PROPOSED and not others.filter(pairing=pairing).exists():
        drop_pairing(pairing, by=by)
