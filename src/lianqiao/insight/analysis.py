"""Which segments of a chain to reinforce, complete or extend (强链、补链、延链), each with what speaks for it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from lianqiao.core.actor import Actor
from lianqiao.insight.demand import CODE, Demand, demand_of, division
from lianqiao.insight.models import AnalysisRule
from lianqiao.insight.period import Every
from lianqiao.insight.queries.reading import analysis_rule, entries_counted, values_noted
from lianqiao.insight.scope import Scope
from lianqiao.insight.standing import LIVE_MOST
from lianqiao.insight.values import Measured, share
from lianqiao.lists.models import Entry
from lianqiao.lists.queries import entries_for
from lianqiao.registry.models import Chain, Edition, Segment
from lianqiao.registry.overview import Overview, Standing, overview_of
from lianqiao.registry.queries import names_of


@dataclass(frozen=True)
class Proposal:
    """`way`: reinforce, complete, extend. `reason` and `facts` make the sentence; the addresses lead to the rows."""

    way: str
    reason: str
    facts: dict[str, Any]
    weight: float
    segment: Segment | None = None
    members_url: str = ""
    needs_url: str = ""
    supply_url: str = ""
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True)
class Line:
    """One segment in the table."""

    standing: Standing
    needs: int
    unmatched: int
    supply: int

    @property
    def unmatched_share(self) -> float | None:
        return share(self.unmatched, self.needs)


@dataclass(frozen=True)
class Analysis:
    overview: Overview
    rule: AnalysisRule
    lines: list[Line]
    unplaced: int
    proposals: list[Proposal]


def analysis_of(chain: Chain, actor: Actor, today: date, overview: Overview | None = None) -> Analysis:
    overview = overview or overview_of(chain, actor, today)
    rule, demand = analysis_rule(chain.pk), demand_now(chain, overview)
    lines = [
        Line(
            each,
            demand.needs[each.segment.pk],
            demand.unmatched[each.segment.pk],
            demand.supply[each.segment.pk],
        )
        for each in overview.standings
    ]
    # What is offered often serves every segment and names none.
    unplaced = demand.supply[None]
    found = [proposal for line in lines for proposal in of_segment(line, rule, unplaced)]
    found += outside(demand, rule, actor)
    return Analysis(overview, rule, lines, unplaced, sorted(found, key=lambda one: -one.weight))


def demand_now(chain: Chain, overview: Overview) -> Demand:
    if entries_counted(chain.pk, LIVE_MOST) > LIVE_MOST:
        row = values_noted(Scope(chain.pk), [CODE], Every.MONTH).last()
        if row:
            return Demand.from_parts(Measured.from_facts(vars(row)).parts)
    return demand_of(chain.pk, inside_of(each.segment for each in overview.standings))


def inside_of(segments: Any) -> set[str]:
    return {division(code) for segment in segments for code in segment.industries} - {""}


def of_segment(line: Line, rule: AnalysisRule, unplaced: int) -> Iterator[Proposal]:
    """At most one: the gravest."""
    standing, segment = line.standing, line.standing.segment
    facts = {
        "segment": segment.label, "members": len(standing.members), "needs": line.needs,
        "unmatched": line.unmatched, "supply": line.supply, "share": line.unmatched_share, "unplaced": unplaced,
    }  # fmt: skip
    kept: dict[str, Any] = {"segment": segment, **addresses(segment)}
    if standing.is_gap:
        around = [link.upstream.label for link in standing.fed_by] + [
            link.downstream.label for link in standing.feeds
        ]
        yield Proposal("complete", "gap", facts | {"around": around}, 1000 + line.needs, **kept)
    elif standing.is_single:
        beyond = [other.label for other in standing.only_way_to]
        named = {"member": standing.members[0].label, "beyond": beyond}
        yield Proposal("reinforce", "single", facts | named, 500 + 10 * len(beyond), **kept)
    elif line.needs >= rule.least_needs and len(standing.members) <= rule.few_members:
        yield Proposal("reinforce", "few", facts, 300 + line.needs, **kept)
    elif line.needs >= rule.least_needs and line.unmatched * 100 >= rule.unmatched_share * line.needs:
        yield Proposal("reinforce", "unmatched", facts, 100 + (line.unmatched_share or 0), **kept)


def addresses(segment: Segment) -> dict[str, str]:
    entries = reverse("entry_list")
    return {
        "members_url": f"{reverse('chain_detail', args=[segment.chain_id])}?segment={segment.pk}#panel",
        "needs_url": f"{entries}?{urlencode({'kind': 'need', 'segment': segment.pk})}",
        "supply_url": f"{entries}?{urlencode({'kind': 'resource', 'segment': segment.pk})}",
    }


def outside(demand: Demand, rule: AnalysisRule, actor: Actor) -> Iterator[Proposal]:
    """Trades that needs name and no segment of the chain stands for."""
    wanted = {code: n for code, n in demand.outside.items() if n >= rule.least_outside}
    if not wanted:
        return
    names = names_of(Edition.Kind.INDUSTRY, sorted(wanted))
    examples = entries_for(actor).in_bulk([pk for code in wanted for pk in demand.examples.get(code, [])])
    for code, needs in wanted.items():
        entries = [examples[pk] for pk in demand.examples.get(code, []) if pk in examples]
        facts = {"industry": names.get(code, code), "code": code, "needs": needs}
        yield Proposal("extend", "outside", facts, 50 + needs, entries=entries)
