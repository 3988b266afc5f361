"""Offers that nothing tells apart, put together: plans that differ only by exchanging them are the same plan."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .problem import Problem

Numbers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Alike:
    """Classes of offers with the same limits, unit, candidates and scores; an offer of a fixed pair is alone."""

    of: Numbers  # (offers,) the class of each
    members: tuple[Numbers, ...]  # (classes,) the offers of each

    @classmethod
    def of_problem(cls, problem: Problem) -> "Alike":
        order = np.argsort(problem.offer, kind="stable")
        need, score = problem.need[order], problem.score[order]
        first = np.searchsorted(problem.offer[order], np.arange(problem.offers + 1))
        fixed = set(problem.fixed[:, 1].tolist())
        classes: defaultdict[object, list[int]] = defaultdict(list)
        for offer in range(problem.offers):
            mine = slice(first[offer], first[offer + 1])
            limits = int(problem.capacity[offer]), int(problem.least[offer]), int(problem.unit[offer])
            looks = (*limits, need[mine].tobytes(), score[mine].tobytes())
            classes[offer if offer in fixed else looks].append(offer)
        members = tuple(np.array(one) for one in classes.values())
        of = np.empty(problem.offers, np.int64)
        for number, one in enumerate(members):
            of[one] = number
        return cls(of, members)

    def dealt(self, need: Numbers, of_class: Numbers) -> NDArray[np.int64]:
        """(P, 2) pairs for (need, class), a need taking no more of a class than it has members.

        Dealt in turn, so that the members' loads differ by at most one and no need gets the same one twice.
        """
        order = np.lexsort((need, of_class))
        need, of_class = need[order], of_class[order]
        turn = np.arange(len(need)) - np.searchsorted(of_class, of_class)
        offer = [
            self.members[one][at % len(self.members[one])]
            for one, at in zip(of_class.tolist(), turn.tolist(), strict=True)
        ]
        return np.column_stack([need, np.array(offer, np.int64)])
