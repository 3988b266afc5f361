"""An independent verdict on a plan: it shares no code with the solvers, and reads the problem's data only."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lianqiao_engine.assign.problem import Problem

Pair = tuple[int, int]
CLOSE = 1e-6


@dataclass(frozen=True)
class Violation:
    """What does not hold: `where` is a number of a need, offer, unit, enterprise or bundle, or a pair.

    Kinds: out of range, duplicate, banned, not a candidate, fixed, wants, owed, capacity, least, unit_capacity,
    unit_least, enterprise_capacity, enterprise_owed, bundle, sum, worst.
    """

    kind: str
    where: int | Pair | None
    have: float
    allowed: float


@dataclass(frozen=True)
class Claim:
    """What somebody says a plan is worth."""

    sum: float
    worst: float


def verify(
    problem: Problem, pairs: Iterable[Sequence[int]], claimed: Claim | None = None
) -> tuple[Violation, ...]:
    """Everything that a plan breaks, and where it is worth something else than `claimed`; empty when it is right."""
    chosen = [(int(need), int(offer)) for need, offer in pairs]
    there = [pair for pair in chosen if _is_within(problem, pair)]
    found = [Violation("out of range", pair, 1, 0) for pair in chosen if not _is_within(problem, pair)]
    found += _pairs(problem, there)
    found += _counts(problem, there)
    found += _bundles(problem, there)
    if claimed:
        found += _worth(problem, there, claimed)
    return tuple(found)


def _is_within(problem: Problem, pair: Pair) -> bool:
    return 0 <= pair[0] < problem.needs and 0 <= pair[1] < problem.offers


def _pairs(problem: Problem, chosen: list[Pair]) -> list[Violation]:
    banned = {(int(need), int(offer)) for need, offer in problem.banned}
    fixed = [(int(need), int(offer)) for need, offer in problem.fixed]
    candidates = set(zip(problem.need.tolist(), problem.offer.tolist(), strict=True))
    times = Counter(chosen)
    found = [Violation("duplicate", pair, many, 1) for pair, many in times.items() if many > 1]
    for pair in times:
        if pair in banned:
            found.append(Violation("banned", pair, 1, 0))
        elif pair not in candidates:
            found.append(Violation("not a candidate", pair, 1, 0))
    return found + [Violation("fixed", pair, 0, 1) for pair in fixed if pair not in times]


def _counts(problem: Problem, chosen: list[Pair]) -> list[Violation]:
    unit, enterprise = problem.unit.tolist(), problem.enterprise.tolist()
    families = (
        ("owed", "wants", problem.owed, problem.wants, (need for need, _ in chosen)),
        ("least", "capacity", problem.least, problem.capacity, (offer for _, offer in chosen)),
        (
            "unit_least",
            "unit_capacity",
            problem.unit_least,
            problem.unit_capacity,
            (unit[offer] for _, offer in chosen),
        ),
        (
            "enterprise_owed",
            "enterprise_capacity",
            problem.enterprise_owed,
            problem.enterprise_capacity,
            (enterprise[need] for need, _ in chosen),
        ),
    )
    found = []
    for floor, ceiling, least, most, members in families:
        have = Counter(members)
        for number, (low, high) in enumerate(zip(least.tolist(), most.tolist(), strict=True)):
            if have[number] < low:
                found.append(Violation(floor, number, have[number], low))
            if have[number] > high:
                found.append(Violation(ceiling, number, have[number], high))
    return found


def _bundles(problem: Problem, chosen: list[Pair]) -> list[Violation]:
    units: defaultdict[int, set[int]] = defaultdict(set)
    for need, offer in chosen:
        units[need].add(int(problem.unit[offer]))
    found = []
    for number, bundle in enumerate(problem.bundles):
        serving = set().union(*(units[need] for need in bundle)) if bundle else set()
        unserved = sum(not units[need] for need in bundle)
        if serving and (unserved or len(serving) > 1 or -1 in serving):
            found.append(Violation("bundle", number, len(serving), 1))
    return found


def _worth(problem: Problem, chosen: list[Pair], claimed: Claim) -> list[Violation]:
    scores = dict(
        zip(
            zip(problem.need.tolist(), problem.offer.tolist(), strict=True),
            problem.score.tolist(),
            strict=True,
        )
    )
    sums = dict.fromkeys(problem.need.tolist(), 0.0)
    for pair in chosen:
        if pair in scores:
            sums[pair[0]] += scores[pair]
    actual = {"sum": sum(sums.values()), "worst": min(sums.values(), default=0.0)}
    return [
        Violation(kind, None, value, getattr(claimed, kind))
        for kind, value in actual.items()
        if not abs(value - getattr(claimed, kind)) <= CLOSE * max(1.0, abs(value))
    ]
