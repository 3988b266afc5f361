"""What the chain's answers were, and which weights were proposed from them."""

from django.db.models import QuerySet

from lianqiao.core.actor import OFFICE, Actor
from lianqiao.core.models import Job
from lianqiao.lists.models import Entry
from lianqiao.matching.models import Match, Round, RoundRecord, Weighting
from lianqiao.matching.queries.matches import SEES_ALL
from lianqiao.matching.queries.rounds import OF_ENTRY, OUT

LEARN = "matching.learn"
LATEST_ROUNDS = 12


def weightings_for(actor: Actor) -> QuerySet[Weighting]:
    rows = Weighting.objects.select_related("chain")
    if actor.role in SEES_ALL:
        return rows
    return rows.filter(chain__in=actor.chains) if actor.role in OFFICE else rows.none()


def settled_answers(chain_id: int) -> QuerySet[Match]:
    """What was accepted or declined, the oldest first; what lapsed or was taken back says nothing of the fit."""
    rows = Match.objects.filter(chain=chain_id, state__in=[Match.State.ACCEPTED, Match.State.DECLINED])
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
