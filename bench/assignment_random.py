"""Random small problems with every kind of limit: violations, and the gap to an exact integer program. Wants none.

python -m bench.assignment_random [how many, 10000]
"""

import sys
from collections import Counter

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from lianqiao_engine.assign import Problem, flow, solve
from lianqiao_engine.assign.solve import OBJECTIVES
from lianqiao_engine.check import Claim, verify


def random_problem(random: np.random.Generator) -> Problem:
    needs, offers = random.integers(2, 9, 2).tolist()
    pairs = np.argwhere(random.random((needs, offers)) < 0.8)
    coarse = random.random() < 0.5
    score = random.integers(0, 5, len(pairs)) / 4 if coarse else random.gamma(2.0, 0.3, len(pairs))
    wants, mark = random.integers(1, 4, needs), random.random(len(pairs))
    return Problem(
        pairs[:, 0],
        pairs[:, 1],
        score,
        needs,
        offers,
        wants,
        random.integers(1, 5, offers),
        owed=random.integers(0, 2, needs) * (random.random() < 0.5),
        least=random.integers(0, 2, offers) * (random.random() < 0.3),
        unit=random.integers(-1, 2, offers),
        unit_capacity=random.integers(2, 9, 2),
        enterprise=random.integers(-1, 2, needs),
        enterprise_capacity=random.integers(2, 9, 2),
        enterprise_owed=random.integers(0, 2, 2),
        fixed=pairs[mark < 0.03],
        banned=pairs[mark > 0.93],
    )


def exact(problem: Problem) -> float | None:
    """The plain integer program, written out row by row; None when it is infeasible."""
    size = len(problem.score)
    rows, low, high = [], [], []
    for members, least, most in (
        (problem.need, problem.owed, problem.wants),
        (problem.offer, problem.least, problem.capacity),
        (problem.unit[problem.offer], problem.unit_least, problem.unit_capacity),
        (problem.enterprise[problem.need], problem.enterprise_owed, problem.enterprise_capacity),
    ):
        for number in range(len(least)):
            rows.append((members == number).astype(float))
            low.append(least[number])
            high.append(most[number])
    if not size:
        return None if any(np.any(least) for least in low) else 0.0
    fixed = problem.is_fixed.astype(float)
    found = milp(
        -problem.score,
        constraints=LinearConstraint(np.array(rows), low, high),
        integrality=np.ones(size),
        bounds=Bounds(fixed, np.ones(size)),
        options={"mip_rel_gap": 0.0},
    )
    return None if found.x is None else -found.fun


def main(many: int) -> None:
    random, counts, largest = np.random.default_rng(11), Counter[str](), 0.0
    with_ortools = flow.installed()
    for number in range(many):
        problem = random_problem(random)
        flow.installed = lambda use=with_ortools and number % 2 == 0: use  # type: ignore[assignment]
        best = exact(problem)
        for objective in OBJECTIVES:
            plan = solve(problem, objective=objective)  # type: ignore[arg-type]
            counts["feasible" if best is not None else "infeasible"] += 1
            if (best is None) != (plan.status == "infeasible"):
                counts["wrong about feasibility"] += 1
            elif best is None:
                counts["no relaxation"] += not plan.relaxation
            else:
                counts["violations"] += len(verify(problem, plan.pairs, Claim(plan.sum, plan.worst)))
                counts["bound below the best"] += objective != "fair" and plan.bound < best - 1e-6
                if objective == "best":
                    largest = max(largest, (best - plan.sum) / max(abs(best), 1e-9))
    print(
        f"{many} problems x {len(OBJECTIVES)} objectives: {dict(counts)}; largest gap of best {largest:.2e}"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
