"""The linear program over those choices of needs that were listed so far."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from .alike import Alike
from .clock import Clock
from .limits import Limits
from .problem import Floats, Problem
from .program import Rows, maximise, sparse

Numbers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Table:
    """What choices are worth and take. A menu is a need that has some, a choice an array of classes, or of nobody."""

    limits: Limits
    need: Numbers  # (menus,)
    score: Floats  # (menus, classes + 1) the last column is nobody's

    @classmethod
    def of(cls, problem: Problem, alike: Alike, limits: Limits, need: Numbers) -> Self:
        score = np.zeros((problem.needs, len(alike.members) + 1))
        score[problem.need, alike.of[problem.offer]] = problem.score
        return cls(limits, need, score[need])

    def values(self, menu: Numbers, choices: Numbers) -> Floats:
        """(choices,) the sum of scores of each."""
        return self.score[menu[:, None], choices].sum(axis=1)

    def loads(self, menu: Numbers, choices: Numbers) -> tuple[Any, Any]:
        """What each choice takes of each limit, and the menu that it is of."""
        shape = len(self.need), len(menu)
        one = sparse().csr_array((np.ones(len(menu)), (menu, np.arange(len(menu)))), shape=shape)
        return self.limits.loads(self.need[menu], choices), one


class Listed:
    """The linear program over the choices that were listed so far."""

    def __init__(self, of: Table, clock: Clock) -> None:
        self._of, self._clock, self._known = of, clock, set[tuple[int, ...]]()
        self._menu, self._choices = [], []  # type: list[int], list[list[int]]

    def add(self, found: list[Numbers]) -> int:
        """How many of them are new."""
        before = len(self._menu)
        for menu, choices in enumerate(found):
            for choice in np.sort(choices, axis=1).tolist():
                key = (menu, *choice)
                if key not in self._known:
                    self._known.add(key)
                    self._menu.append(menu)
                    self._choices.append(choice)
        return len(self._menu) - before

    def solve(self, low: Floats, high: Floats) -> tuple[float, Floats, Floats, bool] | None:
        """The best value with prices between `low` and `high`, those prices, what each menu gains, and if any is at an end."""
        of, menu, choices = self._of, np.array(self._menu), np.array(self._choices, np.int64)
        loads, one = of.loads(menu, choices)
        rows, many = len(of.limits.lower), len(menu)
        eye, none = sparse().eye_array(rows), sparse().csr_array((len(of.need), rows))
        matrix = sparse().bmat([[loads, eye, -eye], [one, none, none]], format="csr")
        size = np.ones(len(of.need))
        answer = maximise(
            Rows(matrix, np.append(of.limits.lower, size), np.append(of.limits.upper, size), ()),
            np.concatenate([of.values(menu, choices), low, -high]),
            np.zeros(many + 2 * rows),
            np.full(many + 2 * rows, np.inf),
            self._clock,
        )
        if answer is None:
            return None
        return answer.value, answer.duals[:rows], answer.duals[rows:], bool((answer.x[many:] > 1e-9).any())
