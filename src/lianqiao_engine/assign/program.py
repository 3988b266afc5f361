"""The problem as a linear or integer program over some of its candidates, solved by HiGHS through SciPy.

Rows: what needs, offers, units and enterprises may and must have, and for fair plans the level that each need's sum
must reach. (HiGHS: Huangfu and Hall 2018.)
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .clock import Clock, OutOfTime
from .plan import Prices
from .problem import Floats, Problem

INFEASIBLE, TIME = 2, 1


@dataclass(frozen=True, eq=False)
class Rows:
    """`lower <= matrix @ x <= upper`, the rows grouped by family: name, first row, the numbers of its members."""

    matrix: Any  # scipy.sparse.csr_array
    lower: Floats
    upper: Floats
    families: tuple[tuple[str, int, NDArray[np.int64]], ...]

    def with_slack(self, short: NDArray[np.int64]) -> "Rows":
        """One more column for each of the rows `short`, which adds 1 to it."""
        shape = len(self.lower), len(short)
        slack = sparse().csr_array((np.ones(len(short)), (short, np.arange(len(short)))), shape=shape)
        return replace(self, matrix=sparse().hstack([self.matrix, slack], format="csr"))

    def with_column(self, cells: Floats) -> "Rows":
        column = sparse().csr_array(cells[:, None])
        return replace(self, matrix=sparse().hstack([self.matrix, column], format="csr"))

    @classmethod
    def of_cells(
        cls, cells: list[tuple[int, int, float]], lower: list[float], upper: list[float], columns: int
    ) -> "Rows":
        """Rows of no family, from (row, column, weight)."""
        row, column, weight = np.array(cells).reshape(-1, 3).T
        shape = len(lower), columns
        matrix = sparse().csr_array((weight, (row.astype(int), column.astype(int))), shape=shape)
        return cls(matrix, np.array(lower), np.array(upper), ())

    def beside(self, cells: list[tuple[int, int, float]], columns: int) -> "Rows":
        """Further columns, from (row, column, weight)."""
        more = Rows.of_cells(cells, [0.0] * len(self.lower), [], columns).matrix
        return replace(self, matrix=sparse().hstack([self.matrix, more], format="csr"))

    def below(self, others: "Rows") -> "Rows":
        """The rows `others` above these; they may have further columns."""
        wider = self.matrix.copy()
        wider.resize(len(self.lower), others.matrix.shape[1])
        families = tuple((name, first + len(others.lower), bound) for name, first, bound in self.families)
        return Rows(
            sparse().vstack([others.matrix, wider], format="csr"),
            np.concatenate([others.lower, self.lower]),
            np.concatenate([others.upper, self.upper]),
            families,
        )

    @property
    def allow_nothing(self) -> bool:
        return bool((self.lower <= 0).all() and (self.upper >= 0).all())

    @property
    def is_level(self) -> NDArray[np.bool_]:
        """(rows,) which of them hold a need at a level; they come last."""
        first = next((first for name, first, _ in self.families if name == "level"), len(self.lower))
        return np.arange(len(self.lower)) >= first


def rows_of(
    problem: Problem,
    columns: NDArray[np.int64],
    *,
    level: float | None = None,
    score: Floats | None = None,
) -> Rows:
    """The limits over these candidates; a family's member without a limit has no row.

    With `level` every need that has a candidate reaches it by the sum of its `score` (E,), the problem's own if none.
    """
    need, offer = problem.need[columns], problem.offer[columns]
    ones = np.ones(len(columns))
    families = [
        ("need", need, ones, problem.owed, problem.wants),
        ("offer", offer, ones, problem.least, problem.capacity),
        ("unit", problem.unit[offer], ones, problem.unit_least, problem.unit_capacity),
        ("enterprise", problem.enterprise[need], ones, problem.enterprise_owed, problem.enterprise_capacity),
    ]
    if level is not None:
        values = (problem.score if score is None else score)[columns]
        least = np.where(problem.served, level, -np.inf)
        families.append(("level", need, values, least, np.full(problem.needs, np.inf)))
    row, column, weight, lower, upper, placed, first = [], [], [], [], [], [], 0
    for name, member, weights, least, most in families:
        sizes = np.bincount(member[member >= 0], minlength=len(least))
        if name == "level":
            bound = np.flatnonzero(problem.served)
        else:
            bound = np.flatnonzero((least > 0) | (sizes > most))
            # A minimum of zero holds by itself.
            least, most = np.where(least > 0, least, -np.inf), np.minimum(most, np.maximum(sizes, least))
        row_of = np.full(len(least) + 1, -1)
        row_of[bound] = first + np.arange(len(bound))
        rows = row_of[member]
        row.append(rows[rows >= 0])
        column.append(np.flatnonzero(rows >= 0))
        weight.append(weights[rows >= 0])
        lower.append(least[bound].astype(float))
        upper.append(most[bound].astype(float))
        placed.append((name, first, bound))
        first += len(bound)
    cells = np.concatenate(weight), (np.concatenate(row), np.concatenate(column))
    matrix = sparse().csr_array(cells, shape=(first, len(columns)))
    return Rows(matrix, np.concatenate(lower), np.concatenate(upper), tuple(placed))


@dataclass(frozen=True, eq=False)
class LinearAnswer:
    x: Floats
    value: float
    duals: Floats  # (rows,) what one more on the right would add to the value
    gains: Floats  # (columns,) reduced costs


def maximise(rows: Rows, gain: Floats, low: Floats, high: Floats, clock: Clock) -> LinearAnswer | None:
    """The linear program; None when it is infeasible. Raises OutOfTime."""
    # scipy.optimize takes 0.5 s to import, which a plan by flow need not spend.
    from scipy.optimize import linprog  # noqa: PLC0415

    if not len(gain):
        return LinearAnswer(gain, 0.0, np.zeros(len(rows.lower)), gain) if rows.allow_nothing else None
    equal = rows.lower == rows.upper
    above, below = ~equal & np.isfinite(rows.upper), ~equal & (rows.lower > -np.inf)
    kind = sparse()
    options = {} if clock.left is None else {"time_limit": clock.left}
    found = linprog(
        -gain,
        kind.vstack([rows.matrix[above], -rows.matrix[below]], format="csr"),
        np.concatenate([rows.upper[above], -rows.lower[below]]),
        rows.matrix[equal],
        rows.upper[equal],
        bounds=np.column_stack([low, high]),
        method="highs-ds",
        options=options,
    )
    if found.status == TIME:
        raise OutOfTime
    if found.status == INFEASIBLE:
        return None
    if found.status:
        raise RuntimeError(f"HiGHS: {found.message}")
    duals = np.zeros(len(equal))
    duals[equal] = -found.eqlin.marginals
    duals[above] -= found.ineqlin.marginals[: above.sum()]
    duals[below] += found.ineqlin.marginals[above.sum() :]
    return LinearAnswer(found.x, -found.fun, duals, gain - rows.matrix.T @ duals)


@dataclass(frozen=True, eq=False)
class IntegerAnswer:
    x: Floats | None  # None: none found yet
    value: float
    bound: float
    proven: bool

    def times(self, factor: float) -> "IntegerAnswer":
        return replace(self, value=self.value * factor, bound=self.bound * factor)


def maximise_whole(
    rows: Rows, gain: Floats, low: Floats, high: Floats, whole: NDArray[Any], clock: Clock
) -> IntegerAnswer | None:
    """The integer program, `whole` marking the columns that are; None when it is infeasible."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415  (see above)

    if not len(gain):
        return IntegerAnswer(gain, 0.0, 0.0, proven=True) if rows.allow_nothing else None
    options = {"mip_rel_gap": 0.0} | ({} if clock.left is None else {"time_limit": clock.left})
    found = milp(
        -gain,
        constraints=LinearConstraint(rows.matrix, rows.lower, rows.upper),
        bounds=Bounds(low, high),
        integrality=whole.astype(np.uint8),
        options=options,
    )
    if found.status == INFEASIBLE:
        return None
    if found.status not in (0, TIME):
        raise RuntimeError(f"HiGHS: {found.message}")
    known = found.mip_dual_bound if found.mip_dual_bound is not None else -np.inf
    if found.x is None:
        return IntegerAnswer(None, -np.inf, -known, proven=False)
    return IntegerAnswer(np.asarray(found.x), -found.fun, -known, proven=found.status == 0)


def prices_of(problem: Problem, rows: Rows, duals: Floats) -> tuple[Prices, Floats]:
    """The duals by family, and those of the needs' own rows."""
    prices, need = Prices.zero(problem), np.zeros(problem.needs)
    into = {"need": need, "offer": prices.offer, "unit": prices.unit}
    into |= {"enterprise": prices.enterprise, "level": prices.level}
    for name, first, members in rows.families:
        into[name][members] = duals[first : first + len(members)]
    np.negative(prices.level, out=prices.level)
    return prices, need


def sparse() -> Any:
    """scipy.sparse, imported when it is first wanted."""
    import scipy.sparse  # noqa: PLC0415  (see above)

    return scipy.sparse
