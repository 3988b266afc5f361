"""A plan changed by hand: what it is worth then, who loses a partner, which rules do not hold any more.

The solver answers for what the change touches, and the independent check counts what comes out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lianqiao_engine import check
from lianqiao_engine.assign import Plan, Problem, solve
from lianqiao_engine.assign.change import Change, applied
from lianqiao_engine.assign.why import why_not
from lianqiao_engine.explain import Reason, explain

from .alternatives import LARGEST, of_why
from .bars import bars
from .candidates import Candidates, candidates, with_units_owed, without_floors
from .result import Alternative
from .stored import Stored
from .verify import Fault, fault_of

Ids = tuple[str, str]
Pair = tuple[int, int]
NEVER = ("never of the need", "never of the offer", "own")
CLAIMS = ("sum", "worst", "not a candidate")


@dataclass(frozen=True, eq=False)
class Basis:
    """A stored round with its candidates found again, to ask any number of questions about it."""

    stored: Stored
    found: Candidates
    needs: dict[str, int]
    offers: dict[str, int]

    @classmethod
    def of(cls, stored: Stored) -> "Basis":
        found = candidates(stored.needs, stored.offers, stored.rules)
        if stored.result.units_owed:
            found = replace(found, problem=with_units_owed(found) or found.problem)
        if stored.result.limits:
            found = replace(found, problem=without_floors(found.problem))
        return cls(
            stored,
            found,
            {need.id: place for place, need in enumerate(stored.needs)},
            {offer.id: place for place, offer in enumerate(stored.offers)},
        )

    def pair(self, need: str, offer: str) -> Pair:
        """Raises KeyError for who takes no part."""
        return self.needs[need], self.offers[offer]

    def pairs(self, pairs: Iterable[Ids]) -> list[Pair]:
        return sorted(self.pair(*pair) for pair in pairs)

    def ids(self, pair: Sequence[int]) -> Ids:
        return self.found.needs[pair[0]].id, self.found.offers[pair[1]].id

    def bars(self, pair: Pair) -> tuple[str, ...]:
        return bars(self.found.needs[pair[0]], self.found.offers[pair[1]], self.found.rules)

    def score(self, pair: Pair) -> float:
        """To the last bit what the round counted, where it did."""
        at = self.found.problem.at([pair])
        return float(self.found.problem.score[at[0]]) if len(at) else self.found.score(*pair)

    def reasons(self, need: str, offer: str) -> tuple[Reason, ...]:
        at = self.pair(need, offer)
        return explain(self.found.space, self.found.needs[at[0]].record, at[1], self.found.vectors[[at[0]]])


@dataclass(frozen=True)
class Adjusted:
    """Two plans of one round, and what lies between them. `bars` of the pair that was asked for.

    `broken` names the rules that held before and do not any more, `mended` those that did not and do; `bound` is that of the round, which no plan under
    its rules exceeds.
    """

    pairs: tuple[Ids, ...]
    gone: tuple[Ids, ...]
    come: tuple[Ids, ...]
    sum_before: float
    sum_after: float
    worst_before: float
    worst_after: float
    bound: float | None
    unserved: tuple[str, ...]  # needs that had a partner and have none now
    broken: tuple[Fault, ...]
    mended: tuple[Fault, ...]
    bars: tuple[str, ...] = ()

    @property
    def gap(self) -> float | None:
        return None if self.bound is None else max(self.bound - self.sum_after, 0.0) / max(self.bound, 1e-12)

    @property
    def is_forbidden(self) -> bool:
        """A side said never: that is not the office's to overrule."""
        return bool(set(self.bars) & set(NEVER))


def adjust(basis: Basis, pairs: Iterable[Ids], need: str, taken: str | None, given: str | None) -> Adjusted:
    """Take the offer `taken` from a need, give it `given`, or both.

    Where `given` is full, one of those who hold its places gives way: the solver chooses who loses least, and finds for
    them what is free. Everybody else keeps what they have. Raises KeyError for who takes no part.
    """
    now = basis.pairs(pairs)
    kept = [pair for pair in now if taken is None or pair != basis.pair(need, taken)]
    if given is None:
        return between(basis, now, kept)
    wanted = basis.pair(need, given)
    return between(basis, now, _with(basis, kept, wanted), basis.bars(wanted))


def change_between(basis: Basis, before: Iterable[Ids], after: Iterable[Ids]) -> Adjusted:
    """What lies between two plans of the same round. Raises KeyError."""
    return between(basis, basis.pairs(before), basis.pairs(after))


def between(basis: Basis, now: Sequence[Pair], then: Sequence[Pair], why: tuple[str, ...] = ()) -> Adjusted:
    problem = _with_scores(basis, [*now, *then])
    before, after = set(now), set(then)
    served = {need for need, _ in after}
    lost = sorted({need for need, _ in before - after if need not in served})
    faults = [_faults(basis, problem, plan) for plan in (now, then)]
    worth = [_worth(problem, plan) for plan in (now, then)]
    return Adjusted(
        pairs=tuple(basis.ids(pair) for pair in sorted(after)),
        gone=tuple(basis.ids(pair) for pair in sorted(before - after)),
        come=tuple(basis.ids(pair) for pair in sorted(after - before)),
        sum_before=worth[0][0],
        sum_after=worth[1][0],
        worst_before=worth[0][1],
        worst_after=worth[1][1],
        bound=basis.stored.result.bound,
        unserved=tuple(basis.found.needs[need].id for need in lost),
        broken=tuple(_new(faults[0], faults[1])),
        mended=tuple(_new(faults[1], faults[0])),
        bars=why,
    )


def asked_why(basis: Basis, pairs: Iterable[Ids], need: str, offer: str) -> Alternative:
    """Why this pair, whatever it is, is not in the plan, and what would bring it in. Raises KeyError; ValueError for one that is."""
    at, now = basis.pair(need, offer), basis.pairs(pairs)
    problem = _with_scores(basis, now)
    worth = _worth(problem, now)
    plan = Plan(
        np.array(now, np.int32).reshape(-1, 2), *worth, bound=np.inf, worst_bound=np.inf, status="optimal"
    )
    objective = basis.stored.rules.objective
    why = why_not(problem, plan, *at, objective=objective, score=basis.score(at), small=LARGEST)
    return of_why(basis.found, why)


def _with(basis: Basis, kept: list[Pair], wanted: Pair) -> list[Pair]:
    """The pairs with `wanted` among them, and what becomes of those who held its place."""
    if wanted in kept:
        return kept
    problem = without_floors(_with_scores(basis, [*kept, wanted]))
    holders = _in_the_way(problem, kept, wanted)
    firm = [pair for pair in kept if pair not in holders]
    moved = {need for need, _ in holders}
    # What is neither firm nor free to move is not to be touched: it keeps what it has, and gets nothing else.
    may_move = np.isin(problem.need, sorted(moved)) | problem.marks([*firm, wanted])
    narrow = replace(
        problem,
        need=problem.need[may_move],
        offer=problem.offer[may_move],
        score=problem.score[may_move],
        fixed=np.array([*firm, wanted], np.int32),
        bundles=(),
        kth=None,
    )
    plan = solve(narrow)
    if plan.status not in ("optimal", "feasible"):
        # Somebody who may not give way holds the place: the office is told which limit breaks.
        return sorted([*kept, wanted])
    return [(int(one), int(other)) for one, other in plan.pairs]


def _in_the_way(problem: Problem, kept: Sequence[Pair], wanted: Pair) -> set[Pair]:
    """Who holds a place that `wanted` needs, of every limit that is full."""
    need, offer = wanted
    unit, enterprise = problem.unit, problem.enterprise
    families = (
        (problem.capacity[offer], [pair for pair in kept if pair[1] == offer]),
        (problem.unit_capacity[unit[offer]], [pair for pair in kept if unit[pair[1]] == unit[offer]]),
        (
            problem.enterprise_capacity[enterprise[need]],
            [pair for pair in kept if enterprise[pair[0]] == enterprise[need]],
        ),
        (problem.wants[need], [pair for pair in kept if pair[0] == need]),
    )
    return {pair for limit, held in families if len(held) >= limit for pair in held}


def _with_scores(basis: Basis, pairs: Iterable[Pair]) -> Problem:
    """The problem of the round with these pairs as candidates, whatever they are worth and whoever barred them."""
    problem = basis.found.problem
    known = set(zip(problem.need.tolist(), problem.offer.tolist(), strict=True))
    for pair in dict.fromkeys(pairs):
        if pair not in known:
            problem = applied(problem, Change("candidate", pair, basis.score(pair)))
    return problem


def _worth(problem: Problem, pairs: Sequence[Pair]) -> tuple[float, float]:
    sums = problem.sums(problem.at(np.array(pairs, np.int64).reshape(-1, 2)))
    served = sums[problem.served]
    return float(sums.sum()), float(served.min()) if len(served) else 0.0


def _faults(basis: Basis, problem: Problem, pairs: Sequence[Pair]) -> list[Fault]:
    found = [
        fault_of(basis.found, violation)
        for violation in check.verify(problem, pairs)
        if violation.kind not in CLAIMS
    ]
    return found + [Fault(bar, basis.ids(pair), 1, 0) for pair in pairs for bar in basis.bars(pair)]


def _new(before: Iterable[Fault], after: Iterable[Fault]) -> list[Fault]:
    known = {(fault.kind, fault.of): fault for fault in before}
    return [
        fault
        for fault in after
        if (fault.kind, fault.of) not in known
        or abs(fault.have - fault.allowed) > abs(known[fault.kind, fault.of].have - fault.allowed)
    ]
