"""Check a stored round: nothing that the solvers said is believed, everything is counted again from the lists."""

from dataclasses import dataclass, replace
from math import fsum

import numpy as np

from lianqiao_engine import check
from lianqiao_engine.assign.bound import certify
from lianqiao_engine.assign.plan import Prices
from lianqiao_engine.check import CLOSE

from .bars import bars
from .candidates import Candidates, candidates, with_units_owed, without_floors
from .stored import Stored


@dataclass(frozen=True)
class Fault:
    """What does not hold, for whom, and the two numbers that differ.

    Kinds: those of check.Violation; bars (see `bars`); unknown entry, score, reasons, bound.
    """

    kind: str
    of: tuple[str, ...]
    have: float
    allowed: float


@dataclass(frozen=True)
class Verdict:
    """`gap` is how far the sum can be from the best by the prices alone; None when none were stored."""

    faults: tuple[Fault, ...]
    gap: float | None


def verify(stored: Stored) -> Verdict:
    """Count a stored round again: entries, limits, bans, musts, worth, scores, reasons, bound."""
    needs = {need.id: at for at, need in enumerate(stored.needs)}
    offers = {offer.id: at for at, offer in enumerate(stored.offers)}
    faults = [
        Fault("unknown entry", (match.need, match.offer), 0, 1)
        for match in stored.result.matches
        if match.need not in needs or match.offer not in offers
    ]
    if faults:
        return Verdict(tuple(faults), None)
    found = candidates(stored.needs, stored.offers, stored.rules)
    if stored.result.units_owed:
        found = replace(found, problem=with_units_owed(found) or found.problem)
    if stored.result.limits:
        found = replace(found, problem=without_floors(found.problem))
    pairs = [(needs[match.need], offers[match.offer]) for match in stored.result.matches]
    faults += _limits(found, pairs, stored)
    faults += _scores(found, pairs, stored)
    gap, more = _bound(found, stored)
    return Verdict((*faults, *more), gap)


def _limits(found: Candidates, pairs: list[tuple[int, int]], stored: Stored) -> list[Fault]:
    claim = check.Claim(stored.result.sum, stored.result.worst)
    faults = [fault_of(found, violation) for violation in check.verify(found.problem, pairs, claim)]
    for need, offer in pairs:
        entries = found.needs[need], found.offers[offer]
        faults += [Fault(bar, (entries[0].id, entries[1].id), 1, 0) for bar in bars(*entries, found.rules)]
    return faults


def fault_of(found: Candidates, violation: check.Violation) -> Fault:
    have, allowed = violation.have, violation.allowed
    if violation.kind in ("sum", "worst"):  # there the plan claims what is allowed
        have, allowed = allowed, have
    return Fault(violation.kind, _named(found, violation.kind, violation.where), have, allowed)


def _scores(found: Candidates, pairs: list[tuple[int, int]], stored: Stored) -> list[Fault]:
    faults = []
    for (need, offer), match in zip(pairs, stored.result.matches, strict=True):
        names, score = (match.need, match.offer), found.score(need, offer)
        if abs(score - match.score) > CLOSE:
            faults.append(Fault("score", names, match.score, score))
        if abs(fsum(reason.amount for reason in match.reasons) - match.score) > CLOSE:
            faults.append(
                Fault("reasons", names, fsum(reason.amount for reason in match.reasons), match.score)
            )
    return faults


def _bound(found: Candidates, stored: Stored) -> tuple[float | None, list[Fault]]:
    duals, result = stored.result.duals, stored.result
    if duals is None:
        return None, []
    prices = Prices(*(np.array(of) for of in vars(duals).values()))
    # The best of the plans that leave nobody worse off.
    level = result.worst if found.rules.objective == "fair" else 0.0
    proven = certify(found.problem, prices, level).global_bound
    faults = []
    if result.sum > proven + CLOSE * max(1.0, abs(proven)):
        faults.append(Fault("bound", (), result.sum, proven))
    return max(proven - result.sum, 0.0) / max(abs(proven), 1e-12), faults


def _named(found: Candidates, kind: str, where: int | tuple[int, int] | None) -> tuple[str, ...]:
    if where is None:
        return ()
    if isinstance(where, tuple):
        return found.needs[where[0]].id, found.offers[where[1]].id
    if kind.startswith("unit"):
        return (found.units[where],)
    if kind.startswith("enterprise"):
        return (found.enterprises[where],)
    return ((found.offers if kind in ("capacity", "least") else found.needs)[where].id,)
