"""Hold a round: from lists and rules to the plan with its reasons and proof."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import isfinite

from lianqiao_engine.assign.plan import Prices, Tell
from lianqiao_engine.assign.problem import NONE
from lianqiao_engine.explain import explain

from .alternatives import alternatives
from .candidates import Candidates, candidates
from .entries import Need, Offer
from .missed import missed
from .prices import prices
from .result import Duals, Load, Match, Pairing, Result
from .rules import Rules
from .solving import solved

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
    answer = solved(found, progress)
    problem, plan = answer.problem, answer.plan
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
        prices=tuple(prices(answer, rules)),
        limits=answer.limits,
        refused=found.refused,
        sum=plan.sum,
        worst=plan.worst,
        bound=_known(plan.bound),
        worst_bound=_known(plan.worst_bound),
        status=plan.status,
        duals=None if plan.prices is None else _duals(plan.prices),
        units_owed="units owed" in answer.costs,
    )


def _duals(prices: Prices) -> Duals:
    return Duals(*(tuple(of.tolist()) for of in (prices.offer, prices.unit, prices.enterprise, prices.level)))


def _known(value: float) -> float | None:
    return value if isfinite(value) else None


def _match(found: Candidates, pair: Pair, score: float) -> Match:
    need, offer = pair
    reasons = explain(found.space, found.needs[need].record, offer, found.vectors[[need]])
    return Match(
        found.needs[need].id,
        found.offers[offer].id,
        score,
        reasons,
        bool((found.problem.fixed == pair).all(1).any()),
    )


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
