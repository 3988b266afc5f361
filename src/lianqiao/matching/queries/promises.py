"""What a plan promises, held against the lists as they are now."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from lianqiao.core.refusals import Refused
from lianqiao.core.words import listed
from lianqiao.lists.models import Entry
from lianqiao.lists.queries import OPEN
from lianqiao.lists.terms import Audience
from lianqiao.matching.engine import capacity_of
from lianqiao.matching.models import Match, Round
from lianqiao.matching.policy import RoundRules
from lianqiao.matching.queries.rounds import LIVE, live_counts

NAMED = 3


@dataclass(frozen=True)
class Promise:
    """A planned match that cannot be offered any more: `code` says why, `entry` which of the two it is about."""

    match: Match
    code: str
    entry: Entry


class PromisesBroken(Refused):
    code = "promises_broken"
    sentence = _(
        "清单在算出方案之后有了变化，%(count)s 条对接不能发布，例如：%(named)s。请先去掉或改换它们，再发布。"
    )


def broken_promises(row: Round, today: date) -> list[Promise]:
    """Entries withdrawn, places taken or lowered meanwhile. Where a place is short, the least fitting gives way."""
    rows = (
        Match.objects.filter(round=row, state=Match.State.PLANNED)
        .select_related("need", "offer")
        .defer("need__search_text", "offer__search_text", "reasons")
    )
    planned = list(rows.order_by("-score", "pk"))
    rules, live = RoundRules.of(row.rules), live_counts(row.chain_id)
    met = set(Match.objects.filter(chain=row.chain_id, state__in=LIVE).values_list("need", "offer"))
    used: Counter[int] = Counter()
    found = []
    for match in planned:
        broken = gone(match) or (
            Promise(match, "met", match.offer) if (match.need_id, match.offer_id) in met else None
        )
        for entry, most in (
            (match.offer, capacity_of(match.offer, rules, today)),
            (match.need, match.need.partners_wanted or rules.wants),
        ):
            if not broken and live[entry.pk] + used[entry.pk] >= most:
                broken = Promise(match, "full", entry)
        if broken:
            found.append(broken)
        else:
            used.update((match.need_id, match.offer_id))
    return found


def gone(match: Match) -> Promise | None:
    for entry, place in ((match.need, match.enterprise_id), (match.offer, match.giver_id)):
        if entry.state not in OPEN or entry.audience == Audience.OFFICE:
            return Promise(match, "gone", entry)
        if entry.organisation_id != place:
            return Promise(match, "moved", entry)
    return None


def refuse_broken_promises(row: Round, today: date) -> None:
    """Raises PromisesBroken."""
    if found := broken_promises(row, today):
        named = listed(f"“{one.entry}”" for one in found[:NAMED])
        raise PromisesBroken(count=len(found), named=named)
