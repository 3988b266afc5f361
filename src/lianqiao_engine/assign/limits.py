"""The limits that choices of different needs share: of offers put together by class, of units and of enterprises."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .alike import Alike
from .plan import Prices
from .problem import Floats, Problem
from .program import sparse

Numbers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Limits:
    """Rows `lower <= loads <= upper`: classes, then units, then enterprises."""

    lower: Floats
    upper: Floats
    of_class: Any  # (rows, classes + 1) what one partner of each class takes of each row; the last stands for nobody
    of_need: Any  # (rows, needs) what one partner of each need takes
    start: Floats  # (rows,) prices to begin with

    @classmethod
    def of(cls, problem: Problem, alike: Alike, prices: Prices) -> "Limits":
        size = np.array([len(members) for members in alike.members])
        one = np.array([members[0] for members in alike.members])
        classes, units, firms = len(size), len(problem.unit_capacity), len(problem.enterprise_capacity)
        least = [problem.least[one] * size, problem.unit_least, problem.enterprise_owed]
        most = [
            problem.capacity[one] * size.astype(float),
            problem.unit_capacity,
            problem.enterprise_capacity,
        ]
        lower = np.concatenate(least).astype(float)
        everything = float(problem.wants.sum())
        in_unit = np.flatnonzero(problem.unit[one] >= 0)
        row = np.concatenate([np.arange(classes), classes + problem.unit[one][in_unit]])
        column = np.concatenate([np.arange(classes), in_unit])
        in_firm = np.flatnonzero(problem.enterprise >= 0)
        rows = classes + units + firms
        return cls(
            lower,
            np.minimum(np.concatenate(most), np.maximum(everything, lower)),
            _marks(row, column, (rows, classes + 1)),
            _marks(classes + units + problem.enterprise[in_firm], in_firm, (rows, problem.needs)),
            np.concatenate([prices.offer[one], prices.unit, prices.enterprise]),
        )

    def worth(self, prices: Floats) -> float:
        """What all limits together are worth at these prices."""
        return float(np.where(prices > 0, prices * self.upper, prices * self.lower).sum())

    def loads(self, need: Numbers, choices: Numbers) -> Any:
        """(rows, choices) what each choice (choices, picks) of its need takes."""
        many, picks = choices.shape
        nobody = self.of_class.shape[1] - 1
        cells = np.ones(choices.size), (choices.ravel(), np.repeat(np.arange(many), picks))
        classes = sparse().csr_array(cells, shape=(nobody + 1, many))
        partners = (choices < nobody).sum(axis=1).astype(float)
        needs = sparse().csr_array((partners, (need, np.arange(many))), shape=(self.of_need.shape[1], many))
        return (self.of_class @ classes + self.of_need @ needs).tocsr()


def _marks(row: NDArray[Any], column: NDArray[Any], shape: tuple[int, int]) -> Any:
    return sparse().csr_array((np.ones(len(row)), (row, column)), shape=shape)
