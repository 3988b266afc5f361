"""What the chain's answers were, and which weights were proposed from them."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from lianqiao.core.actor import OFFICE, Actor
from lianqiao.core.models import Job
from lianqiao.lists.models import Entry
from lianqiao.matching import lessons
from lianqiao.matching.engine import need_of, offer_of
from lianqiao.matching.lessons import Given
from lianqiao.matching.models import Match, Round, RoundRecord, Weighting
from lianqiao.matching.queries.matches import SEES_ALL
from lianqiao.matching.queries.rounds import OF_ENTRY, OUT, Around, giver_key

LEARN = "matching.learn"
LATEST_ROUNDS = 12
# Accepted matches whose work came to nothing, by chain, as the apps above know it.
SPOILED: list[Callable[[int], Iterable[int]]] = []


def weightings_for(actor: Actor) -> QuerySet[Weighting]:
    rows = Weighting.objects.select_related("chain")
    if actor.role in SEES_ALL:
        return rows
    return rows.filter(chain__in=actor.chains) if actor.role in OFFICE else rows.none()


def settled_answers(chain_id: int) -> QuerySet[Match]:
    """What was accepted or declined, the oldest first; what lapsed or was taken back says nothing of the fit."""
    settled = [Match.State.ACCEPTED, Match.State.DECLINED, Match.State.FAILED]
    rows = Match.objects.filter(chain=chain_id, state__in=settled)
    return rows.order_by("settled_at", "pk")


def records_of_rounds(chain_id: int) -> QuerySet[RoundRecord]:
    """Of the latest published rounds, the newest first."""
    rounds = Round.objects.filter(chain=chain_id, state__in=OUT).order_by("-number")[:LATEST_ROUNDS]
    return (
        RoundRecord.objects.filter(round__in=list(rounds)).select_related("round").order_by("-round__number")
    )


def entries_by_id(pks: set[int]) -> dict[int, Entry]:
    return Entry.objects.select_related(*OF_ENTRY).defer("search_text").in_bulk(pks)


def latest_lesson(chain_id: int, actor: Actor) -> Job | None:
    """The last time that somebody asked, with what came out."""
    if actor.role not in OFFICE and actor.role not in SEES_ALL:
        return None
    return Job.objects.filter(kind=LEARN, facts__chain=chain_id).order_by("-pk").first()


def rounds_taught(chain_id: int, now: datetime) -> list[Any]:
    """Each answer once, with the lists of the latest round in which both stood; the others with the lists of now."""
    left = answers_of(chain_id)
    found = []
    for kept in records_of_rounds(chain_id):
        needs, offers = lessons.lists_in(bytes(kept.content), kept.sha256)
        asked, given = {need.id for need in needs}, {offer.id for offer in offers}
        here = [one for (need, offer), one in left.items() if need in asked and offer in given]
        left = {pair: one for pair, one in left.items() if not (pair[0] in asked and pair[1] in given)}
        found.append(lessons.round_of(kept.round.title, needs, offers, here))
    entries = entries_by_id({int(pk) for pair in left for pk in pair})
    around = Around()
    needs_now = [need_of(entries[int(pk)], around).record for pk in sorted({need for need, _ in left})]
    offers_now = [
        offer_of(entries[int(pk)], around, today=now.date()).record
        for pk in sorted({offer for _, offer in left})
    ]
    # The oldest first; what stands in no round is the newest.
    return [*found[::-1], lessons.round_of("", needs_now, offers_now, left.values())]


def answers_of(chain_id: int) -> dict[tuple[str, str], Given]:
    """The last answer to each pair. Who took the same giver again counts as more than a yes."""
    found: dict[tuple[str, str], Given] = {}
    took: set[tuple[int, str]] = set()
    spoiled = {pk for ask in SPOILED for pk in ask(chain_id)}
    for match in settled_answers(chain_id):
        giver = (match.enterprise_id, giver_key(match.giver_id, match.unit_id))
        outcome = "declined"
        if match.state == Match.State.FAILED or match.pk in spoiled:
            outcome = "failed"
        elif match.state == Match.State.ACCEPTED:
            outcome = "renewed" if giver in took else "accepted"
            took.add(giver)
        pair = (str(match.need_id), str(match.offer_id))
        found[pair] = Given(*pair, match.rank or 1, outcome)
    return found
