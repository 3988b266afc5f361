"""Hold a round: from lists and rules to the plan with its reasons and proof."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import isfinite

from lianqiao_engine.assign import Plan, Problem, Slack, solve
from lianqiao_engine.assign.plan import Prices, Tell
from lianqiao_engine.assign.problem import NONE
from lianqiao_engine.explain import explain

from .alternatives import alternatives
from .candidates import Candidates, candidates, with_units_owed, without_floors
from .entries import Need, Offer
from .missed import missed
from .prices import prices
from .result import Duals, Limit, Load, Match, Pairing, Result
from .rules import Rules

Pair = tuple[int, int]


def hold(
    needs: Sequence[Need],
    offers: Sequence[Offer],
    rules: Rules | None = None,
    *,
    ranked: Callable[[int, int], None] | None = None,
    progress: Tell | None = None,
) -> Result:
    """Match `needs` with `offers` under `rules`.

    Where not all rules can hold at once, floors and minima give way, and the result names the smallest relaxation that
    would keep them. `ranked(done, needs)` is told while candidates are found, `progress` by the solver. Raises
    ValueError when a side is empty or an id stands twice.
    """
    rules = rules or Rules()
    found = candidates(needs, offers, rules, ranked)
    problem, plan, limits = solved(found, progress)
    chosen: dict[Pair, float] = dict(
        zip(map(tuple, plan.pairs.tolist()), problem.score[problem.at(plan.pairs)].tolist(), strict=True)
    )
    return Result(
        matches=tuple(_match(found, pair, score) for pair, score in chosen.items()),
        missed=tuple(missed(found, chosen)),
        alternatives=tuple(alternatives(found, problem, plan)),
        pairings=tuple(_pairings(found, chosen)),
        units=tuple(_of_units(found, chosen)),
        offers=tuple(_of_offers(found, chosen)),
        prices=tuple(prices(found.problem, problem, plan, rules)),
        limits=limits,
        refused=found.refused,
        sum=plan.sum,
        worst=plan.worst,
        bound=_known(plan.bound),
        worst_bound=_known(plan.worst_bound),
        status=plan.status,
        duals=None if plan.prices is None else _duals(plan.prices),
        units_owed=problem is not found.problem and not limits,
    )


def _duals(prices: Prices) -> Duals:
    return Duals(*(tuple(of.tolist()) for of in (prices.offer, prices.unit, prices.enterprise, prices.level)))


def _known(value: float) -> float | None:
    return value if isfinite(value) else None


def solved(found: Candidates, progress: Tell | None = None) -> tuple[Problem, Plan, tuple[Limit, ...]]:
    """The problem that was solved in the end, its plan, and what would have had to give way."""
    if courteous := with_units_owed(found):
        plan = _solve(courteous, found.rules, progress)
        if len(plan.pairs):
            return courteous, plan, ()
    plan = _solve(found.problem, found.rules, progress)
    if not plan.relaxation:
        return found.problem, plan, ()
    limits = tuple(_limit(found, slack) for slack in plan.relaxation)
    without = without_floors(found.problem)
    return without, _solve(without, found.rules, progress), limits


def _solve(problem: Problem, rules: Rules, progress: Tell | None) -> Plan:
    return solve(
        problem,
        objective=rules.objective,
        seed=rules.seed,
        time_limit=rules.time_limit,
        progress=progress,
    )


def _limit(found: Candidates, slack: Slack) -> Limit:
    ids = [need.id for need in found.needs], [offer.id for offer in found.offers]
    if isinstance(slack.index, tuple):
        return Limit(slack.kind, (ids[0][slack.index[0]], ids[1][slack.index[1]]), slack.by)
    names = {
        "owed": ids[0],
        "capacity": ids[1],
        "least": ids[1],
        "unit_capacity": found.units,
        "unit_least": found.units,
        "enterprise_owed": found.enterprises,
        "enterprise_capacity": found.enterprises,
    }
    return Limit(slack.kind, (names[slack.kind][slack.index],), slack.by)


def _match(found: Candidates, pair: Pair, score: float) -> Match:
    asked, given = found.records(*pair)
    reasons = explain(found.space, asked, pair[1], given, found.vectors[[pair[0]]])
    return Match(asked.id, given.id, score, reasons, bool((found.problem.fixed == pair).all(1).any()))


def _pairings(found: Candidates, chosen: Mapping[Pair, float]) -> Iterator[Pairing]:
    scores: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for (need, offer), score in chosen.items():
        scores[found.offers[offer].unit, found.needs[need].enterprise].append(score)
    for (unit, enterprise), of in sorted(scores.items(), key=lambda item: (-sum(item[1]), item[0])):
        yield Pairing(unit, enterprise, sum(of), len(of))


def _of_units(found: Candidates, chosen: Iterable[Pair]) -> Iterator[Load]:
    used = Counter(found.offers[offer].unit for _, offer in chosen)
    problem = found.problem
    for unit, most, least in zip(found.units, problem.unit_capacity, problem.unit_least, strict=True):
        yield Load(unit, used[unit], None if most == NONE else int(most), int(least))


def _of_offers(found: Candidates, chosen: Iterable[Pair]) -> Iterator[Load]:
    used = Counter(offer for _, offer in chosen)
    for at, (offer, most, least) in enumerate(
        zip(found.offers, found.problem.capacity, found.problem.least, strict=True)
    ):
        yield Load(offer.id, used[at], int(most), int(least))
