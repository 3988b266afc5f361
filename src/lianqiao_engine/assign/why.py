"""Why a pair was not chosen: what stands in its way, what taking it would cost, and what single change flips it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .bound import certify
from .change import Change, applied, with_pair, without_pair
from .plan import Plan
from .problem import Floats, Problem
from .solve import Objective, solve

Pair = tuple[int, int]
# Up to this number of candidates a question is answered by solving again, about thirty times.
SMALL = 5_000
# In shares of the largest score: how finely a change of score is told, and what counts as the same worth.
PRECISION, SAME = 1e-3, 1e-5
# A score is raised by no more than so many times the largest score.
MOST_RAISED = 8
LIMITS = ("capacity", "unit_capacity", "enterprise_capacity", "wants")


@dataclass(frozen=True)
class Block:
    """What stands in the way, and the pairs that hold the place.

    Kinds: banned, candidate (it is none) · capacity (of the offer), unit_capacity, enterprise_capacity, wants (the need
    has as many as it wants) · bundle (another unit serves it) · level (the worst-off would fall) · worth (nothing is
    full, but no better plan has it).
    """

    kind: str
    index: int | Pair
    holders: tuple[Pair, ...] = ()


@dataclass(frozen=True)
class Why:
    """`cost_sum` and `cost_worst`: by how much the plan's sum and its worst-off fall when the pair is taken.

    Both infinite when no plan can have it, None when it has no score. When they are not exact they are the least that
    it costs. `flips`: single changes each of which makes every best plan take the pair; of scores where no limit does it.
    """

    pair: Pair
    score: float | None
    blocks: tuple[Block, ...]
    cost_sum: float | None
    cost_worst: float | None
    is_exact: bool
    flips: tuple[Change, ...]


def best_not_chosen(
    problem: Problem,
    plan: Plan,
    need: int,
    many: int = 3,
    *,
    objective: Objective = "best",
    small: int = SMALL,
) -> tuple[Why, ...]:
    """The candidates of a need with the highest scores among those that it did not get."""
    mine = np.arange(problem.starts[need], problem.starts[need + 1])
    left = mine[~problem.marks(plan.pairs)[mine]]
    best = left[np.argsort(-problem.score[left], kind="stable")][:many]
    offers = problem.offer[best].tolist()
    return tuple(why_not(problem, plan, need, offer, objective=objective, small=small) for offer in offers)


def why_not(
    problem: Problem,
    plan: Plan,
    need: int,
    offer: int,
    *,
    objective: Objective = "best",
    score: float | None = None,
    small: int = SMALL,
) -> Why:
    """Why the pair is not in the plan, which was solved for `objective`.

    With more than `small` candidates the cost is read off the prices, and no change is looked for. `score` is what it
    would be worth, for a pair that is no candidate or is banned. Raises ValueError for a pair that is in the plan.
    """
    pair = (need, offer)
    if (plan.pairs == pair).all(axis=1).any():
        raise ValueError(f"{pair} was chosen")
    blocks = list(blocks_of(problem, Held(problem, plan), pair))
    where = problem.at([pair])
    lifted = problem
    if not len(where):
        change = Change(blocks[0].kind, pair, np.nan if score is None else score)
        if score is None:
            return Why(pair, None, tuple(blocks), None, None, is_exact=False, flips=())
        lifted = applied(problem, change)
        where = lifted.at([pair])
    worth = float(lifted.score[where[0]])
    if len(problem.score) > small:
        least = float(least_costs(lifted, plan)[where[0]])
        return Why(pair, worth, tuple(blocks), least, 0.0, is_exact=False, flips=())
    question = _Question(lifted, pair, "best" if objective == "fast" else objective)
    taken = solve(question.problem_with, objective=question.objective)
    if taken.status == "infeasible":
        return Why(pair, worth, tuple(blocks), np.inf, np.inf, is_exact=True, flips=())
    if taken.worst < plan.worst - question.same and question.objective == "fair":
        blocks.append(Block("level", _worst_off(problem, plan)))
    if lifted is problem:
        flips = tuple(question.flips([block for block in blocks if block.kind in LIMITS], taken, plan))
    else:
        flips = (change,) if question.is_taken(lifted) else ()
    return Why(
        pair,
        worth,
        tuple(blocks) or (Block("worth", pair),),
        plan.sum - taken.sum,
        plan.worst - taken.worst,
        is_exact=taken.status == plan.status == "optimal",
        flips=flips,
    )


@dataclass(frozen=True, eq=False)
class _Question:
    problem: Problem
    pair: Pair
    objective: Objective

    @property
    def largest(self) -> float:
        return float(np.abs(self.problem.score).max(initial=0.0)) or 1.0

    @property
    def same(self) -> float:
        return SAME * self.largest

    @property
    def problem_with(self) -> Problem:
        return with_pair(self.problem, self.pair)

    def is_taken(self, problem: Problem) -> bool:
        """Whether every best plan has the pair."""
        taken = solve(with_pair(problem, self.pair), objective=self.objective)
        return self._beats(taken, solve(without_pair(problem, self.pair), objective=self.objective))

    def _beats(self, taken: Plan, left: Plan) -> bool:
        if taken.status == "infeasible" or left.status == "infeasible":
            return taken.status != "infeasible"
        if self.objective == "fair" and abs(taken.worst - left.worst) > self.same:
            return taken.worst > left.worst
        return taken.sum > left.sum + self.same

    def flips(self, blocks: list[Block], taken: Plan, plan: Plan) -> Iterator[Change]:
        by_limits = [Change(block.kind, block.index, 1) for block in blocks]
        found = [more for more in by_limits if self.is_taken(applied(self.problem, more))]
        yield from found
        # An office can change a limit; a score it can only argue with.
        if not found and (raised := self._raised(taken, plan)):
            yield raised

    def _raised(self, taken: Plan, plan: Plan) -> Change | None:
        """The least raise of the score that suffices, in whole steps; the more the score, the sooner it is taken.

        What the pair costs is what a raise has to bring, unless it lifts the worst-off too: so the search begins there,
        and `plan` stays the best without the pair, whatever the pair is worth.
        """
        step = PRECISION * self.largest
        same_worst = self.objective == "best" or taken.worst > plan.worst - self.same
        missing = plan.sum - taken.sum if same_worst else plan.worst - taken.worst
        low, high = 0, max(1, int((missing + self.same) / step) + 1)
        while not self._suffices(high * step, plan):
            if high * step > MOST_RAISED * self.largest:
                return None
            low, high = high, 2 * high
        if self.objective == "fair" and high - low > 1 and self._suffices((high - 1) * step, plan):
            high -= 1
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (low, middle) if self._suffices(middle * step, plan) else (middle, high)
        return Change("score", self.pair, high * step)

    def _suffices(self, by: float, plan: Plan) -> bool:
        raised = applied(self.problem, Change("score", self.pair, by))
        return self._beats(solve(with_pair(raised, self.pair), objective=self.objective), plan)


class Held:
    """Who holds the places of every limit in a plan: looked up once, and asked for any number of pairs."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self._by_limit: defaultdict[tuple[str, int], list[Pair]] = defaultdict(list)
        unit, enterprise = problem.unit.tolist(), problem.enterprise.tolist()
        for need, offer in plan.pairs.tolist():
            places = offer, unit[offer], enterprise[need], need
            for limit, place in zip(LIMITS, places, strict=True):
                self._by_limit[limit, place].append((need, offer))

    def of(self, limit: str, place: int) -> tuple[Pair, ...]:
        return tuple(self._by_limit.get((limit, place), ()))


def blocks_of(problem: Problem, held: Held, pair: Pair) -> Iterator[Block]:
    """Yield every limit that leaves no room for the pair."""
    need, offer = pair
    if (problem.banned == pair).all(axis=1).any():
        yield Block("banned", pair)
    elif not len(problem.at([pair])):
        yield Block("candidate", pair)
    unit, enterprise = int(problem.unit[offer]), int(problem.enterprise[need])
    for limit, place in zip(LIMITS, (offer, unit, enterprise, need), strict=True):
        if place >= 0 and len(holders := held.of(limit, place)) >= getattr(problem, limit)[place]:
            yield Block(limit, place, holders)
    for number, bundle in enumerate(problem.bundles):
        if need not in bundle:
            continue
        holders = tuple(pair for member in sorted(bundle) for pair in held.of("wants", member))
        if any(problem.unit[other] != unit for _, other in holders):
            yield Block("bundle", number, holders)


def least_costs(problem: Problem, plan: Plan) -> Floats:
    """(E,) what taking each candidate costs the sum at least, by the prices of the plan.

    Forcing a pair that the prices would not choose lowers the bound of weak duality (see `certify`) by what it is worth
    below the need's last choice. Prices of a level bound only plans that reach it, and then nothing is told.
    """
    if plan.prices is None or plan.prices.level.any():
        return np.zeros(len(problem.score))
    certificate = certify(problem, plan.prices)
    last = np.where(np.isfinite(certificate.need), certificate.need, 0.0)
    worth = problem.score - plan.prices.of_edges(problem)
    return np.maximum(last[problem.need] - worth - (certificate.bound - plan.sum), 0.0)


def _worst_off(problem: Problem, plan: Plan) -> int:
    sums = np.where(problem.served, problem.sums(problem.at(plan.pairs)), np.inf)
    return int(sums.argmin())
