"""The rows that tie the needs of a bundle to one unit.

A switch for each bundle and each unit that could serve all of it: turned on, it admits the unit's offers to the
bundle's needs and asks one for each; at most one is on.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .problem import Problem
from .program import Rows


@dataclass(frozen=True, eq=False)
class Links:
    """Rows over candidates and switches; `rows_of_bundle` says which of them, with what sign, lifting one takes."""

    rows: Rows
    switches: int
    rows_of_bundle: tuple[tuple[tuple[int, float], ...], ...]


def links_of(problem: Problem, columns: NDArray[np.int64]) -> Links:
    """The rows over these candidates, and after them the switches."""
    need, unit = problem.need[columns], problem.unit[problem.offer[columns]]
    cells: list[tuple[int, int, float]] = []
    lower: list[float] = []
    upper: list[float] = []
    lifted: list[tuple[tuple[int, float], ...]] = []
    switches = 0

    def row(members: list[tuple[int, float]], low: float, high: float) -> int:
        cells.extend((len(lower), column, weight) for column, weight in members)
        lower.append(low)
        upper.append(high)
        return len(lower) - 1

    for bundle in problem.bundles:
        mine = np.flatnonzero(np.isin(need, bundle))
        tied: list[tuple[int, float]] = []
        choice = []
        for serving in np.unique(unit[mine]):
            by_unit = mine[unit[mine] == serving]
            if serving < 0 or len(np.unique(need[by_unit])) < len(bundle):
                tied += [(row([(int(column), 1.0)], -np.inf, 0.0), -1.0) for column in by_unit]
                continue
            switch = len(columns) + switches
            switches += 1
            choice.append((switch, 1.0))
            tied += [(row([(int(one), 1.0), (switch, -1.0)], -np.inf, 0.0), -1.0) for one in by_unit]
            for one in bundle:
                members = [(int(column), 1.0) for column in by_unit[need[by_unit] == one]]
                row([*members, (switch, -1.0)], 0.0, np.inf)
        row(choice, -np.inf, 1.0)
        lifted.append(tuple(tied))
    return Links(Rows.of_cells(cells, lower, upper, len(columns) + switches), switches, tuple(lifted))
