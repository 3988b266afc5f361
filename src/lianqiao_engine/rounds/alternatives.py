"""The nearest candidates that were not chosen, and what stood in the way."""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from lianqiao_engine.assign import Plan, Problem

from .candidates import Candidates
from .result import Alternative

NEAREST = 3


def alternatives(found: Candidates, problem: Problem, plan: Plan) -> Iterator[Alternative]:
    """Yield the best three of every need, the best first."""
    using: defaultdict[int, list[int]] = defaultdict(list)
    of_unit: defaultdict[int, list[int]] = defaultdict(list)
    has: defaultdict[int, set[int]] = defaultdict(set)
    for need, offer in plan.pairs.tolist():
        using[offer].append(need)
        of_unit[int(problem.unit[offer])].append(need)
        has[need].add(offer)
    for need in range(problem.needs):
        begin, end = problem.starts[need : need + 2]
        by_score = begin + np.argsort(-problem.score[begin:end], kind="stable")
        others = [at for at in by_score.tolist() if int(problem.offer[at]) not in has[need]]
        for at in others[:NEAREST]:
            offer = int(problem.offer[at])
            unit = int(problem.unit[offer])
            if len(using[offer]) >= problem.capacity[offer]:
                way, held = "offer full", using[offer]
            elif len(of_unit[unit]) >= problem.unit_capacity[unit]:
                way, held = "unit full", of_unit[unit]
            elif len(has[need]) >= problem.wants[need]:
                way, held = "served", []
            else:
                way, held = "worth less", []
            yield Alternative(
                found.needs[need].id,
                found.offers[offer].id,
                float(problem.score[at]),
                way,
                tuple(found.needs[other].id for other in held if other != need),
            )
