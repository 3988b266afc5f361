"""Stable matching with capacities, for fairs: nobody finds a pair who would both rather have each other.

Deferred acceptance (Gale and Shapley 1962) for the hospital-residents problem with incomplete lists (Gusfield and
Irving 1989). The result is the best stable one for every member of the side that proposes, and the same in whatever
order they propose. Both sides rank without ties: who has ties breaks them first, by number or by lot.
"""

from collections.abc import Sequence
from typing import Literal, get_args

from lianqiao_engine.assign.refusal import BadProblem

Lists = Sequence[Sequence[int]]
Pair = tuple[int, int]
Side = Literal["residents", "hospitals"]


def stable(
    residents: Lists, hospitals: Lists, capacities: Sequence[int], *, optimal_for: Side = "residents"
) -> tuple[Pair, ...]:
    """The stable matching that is best for every member of one side, as sorted pairs (resident, hospital).

    `residents[i]` and `hospitals[j]` list numbers of the other side, the best first; who is not listed is not
    acceptable. A resident gets at most one hospital, hospital j at most `capacities[j]` residents. Students and
    employers, or enterprises and colleges, may be either. Raises BadProblem.
    """
    if optimal_for not in get_args(Side):
        raise BadProblem("unknown", "optimal_for", optimal_for)
    _refuse(residents, hospitals, capacities)
    if optimal_for == "residents":
        held = _deferred_acceptance(residents, hospitals, [1] * len(residents), capacities)
        return tuple(sorted((resident, hospital) for hospital, resident in held))
    return tuple(sorted(_deferred_acceptance(hospitals, residents, capacities, [1] * len(residents))))


def blocking_pairs(
    residents: Lists, hospitals: Lists, capacities: Sequence[int], matched: Sequence[Pair]
) -> tuple[Pair, ...]:
    """The pairs who would both rather have each other than what `matched` gives them; empty when it is stable.

    Looks at every acceptable pair, and shares nothing with `stable`.
    """
    _refuse(residents, hospitals, capacities)
    found = []
    for resident, wishes in enumerate(residents):
        mine = [hospital for one, hospital in matched if one == resident]
        for hospital in wishes:
            if resident not in hospitals[hospital] or (resident, hospital) in matched:
                continue
            theirs = [one for one, other in matched if other == hospital]
            order = hospitals[hospital].index
            i_gain = not mine or wishes.index(hospital) < min(map(wishes.index, mine))
            they_gain = len(theirs) < capacities[hospital] or any(
                order(resident) < order(one) for one in theirs
            )
            if i_gain and they_gain and capacities[hospital]:
                found.append((resident, hospital))
    return tuple(found)


def _deferred_acceptance(
    proposers: Lists, receivers: Lists, seats: Sequence[int], capacities: Sequence[int]
) -> list[Pair]:
    """Pairs (receiver, proposer). Proposers go down their lists; receivers keep the best so far, and refuse the rest."""
    rank = [{proposer: place for place, proposer in enumerate(order)} for order in receivers]
    held: list[list[int]] = [[] for _ in receivers]
    begun = [0] * len(proposers)
    waiting = [proposer for proposer in range(len(proposers)) for _ in range(seats[proposer])]
    while waiting:
        proposer = waiting.pop()
        if begun[proposer] == len(proposers[proposer]):
            continue
        receiver = proposers[proposer][begun[proposer]]
        begun[proposer] += 1
        if proposer not in rank[receiver] or not capacities[receiver]:
            waiting.append(proposer)
            continue
        held[receiver].append(proposer)
        if len(held[receiver]) > capacities[receiver]:
            refused = max(held[receiver], key=rank[receiver].__getitem__)
            held[receiver].remove(refused)
            waiting.append(refused)
    return [(receiver, proposer) for receiver, kept in enumerate(held) for proposer in kept]


def _refuse(residents: Lists, hospitals: Lists, capacities: Sequence[int]) -> None:
    if len(capacities) != len(hospitals):
        raise BadProblem("shape", "capacities", f"{len(capacities)}, and {len(hospitals)} hospitals")
    for at, capacity in enumerate(capacities):
        if capacity < 0:
            raise BadProblem("negative", f"capacities[{at}]", capacity)
    for side, lists, others in (
        ("residents", residents, len(hospitals)),
        ("hospitals", hospitals, len(residents)),
    ):
        for at, wishes in enumerate(lists):
            if len(set(wishes)) < len(wishes):
                raise BadProblem("duplicate", f"{side}[{at}]", list(wishes))
            for one in wishes:
                if not 0 <= one < others:
                    raise BadProblem("out of range", f"{side}[{at}]", one)
