"""Assignment: published instances by each objective beside plain formulations, a large flow, and repair.

    python -m bench.assignment [instances] [flow] [repair]

Instances lie in ../shared/bench/assignment (LIANQIAO_BENCH names another folder). Peers: `best` against OR-Tools'
minimum-cost flow over all pairs, `fair` against both stages of the plain program over all pairs by HiGHS. Medians of
interleaved rounds; violations are those that lianqiao_engine.check finds.
"""

import os
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
import scipy.sparse as sparse
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow
from scipy.optimize import Bounds, LinearConstraint, milp

from lianqiao_engine.assign import Problem, solve
from lianqiao_engine.assign import flow as flow_solver
from lianqiao_engine.assign.bound import best_alone
from lianqiao_engine.assign.files import read_instance
from lianqiao_engine.assign.repair import Keeper
from lianqiao_engine.check import verify

FOLDER = Path(os.environ.get("LIANQIAO_BENCH", Path(__file__).parents[2] / "shared/bench")) / "assignment"
ROUNDS, TIME_LIMIT = 5, 60.0
NEEDS, CANDIDATES, EVENTS = 100_000, 50, 2_000


def plain_flow(problem: Problem, scale: float = 1e6) -> np.ndarray:
    """OR-Tools over all candidates, as its manual shows it; returns pairs."""
    solver, needs, offers = SimpleMinCostFlow(), problem.needs, problem.offers
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        problem.need,
        needs + problem.offer,
        np.ones(len(problem.score), np.int64),
        np.rint(-problem.score * scale).astype(np.int64),
    )
    sink, every = needs + offers, np.arange(offers)
    room = (problem.capacity - problem.least).astype(np.int64)
    solver.add_arcs_with_capacity_and_unit_cost(
        needs + every, np.full(offers, sink), room, np.zeros(offers, int)
    )
    spare = (problem.wants - problem.owed).astype(np.int64)
    solver.add_arcs_with_capacity_and_unit_cost(
        np.arange(needs), np.full(needs, sink), spare, np.zeros(needs, int)
    )
    supply = np.concatenate([problem.wants, -problem.least, [0]]).astype(np.int64)
    supply[-1] = -supply.sum()
    solver.set_nodes_supplies(np.arange(len(supply)), supply)
    if solver.solve() != solver.OPTIMAL:
        raise RuntimeError("OR-Tools found no plan")
    return problem.pairs(np.flatnonzero(solver.flows(arcs)))


def plain_fair(problem: Problem) -> np.ndarray:
    """The plain integer program over all pairs, at the level that is known to be reached; returns pairs."""
    size = len(problem.score)
    cell = np.arange(size)
    needs = sparse.csr_array((np.ones(size), (problem.need, cell)))
    offers = sparse.csr_array((np.ones(size), (problem.offer, cell)))
    sums = sparse.csr_array((problem.score, (problem.need, cell)))
    found = milp(
        -problem.score,
        constraints=[
            LinearConstraint(needs, problem.owed, problem.wants),
            LinearConstraint(offers, problem.least, problem.capacity),
            LinearConstraint(sums, np.full(problem.needs, best_alone(problem).min() - 1e-9), np.inf),
        ],
        integrality=np.ones(size),
        bounds=Bounds(0, 1),
        options={"time_limit": TIME_LIMIT},
    )
    return problem.pairs(np.empty(0, int) if found.x is None else np.flatnonzero(found.x > 0.5))


def runs_of(problem: Problem) -> dict[str, Callable[[], np.ndarray]]:
    def ours(objective: str) -> Callable[[], np.ndarray]:
        return lambda: solve(problem, objective=objective, time_limit=TIME_LIMIT).pairs  # type: ignore[arg-type]

    return {
        "best": ours("best"),
        "OR-Tools flow": lambda: plain_flow(problem),
        "fair": ours("fair"),
        "HiGHS fair": lambda: plain_fair(problem),
        "fast": ours("fast"),
        "fast, core": lambda: without_ortools(ours("fast")),
    }


def without_ortools(run: Callable[[], np.ndarray]) -> np.ndarray:
    """As on a core install."""
    installed, flow_solver.installed = flow_solver.installed, lambda: False
    try:
        return run()
    finally:
        flow_solver.installed = installed


def instances() -> None:
    if not FOLDER.exists():
        print(f"{FOLDER} is absent: no instance measured")
        return
    print(
        f"{'instance':<12}{'solver':<15}{'wall s':>8}{'cpu s':>8}{'sum':>11}{'worst':>8}{'low 10%':>9}{'Gini':>7} wrong"
    )
    for path in sorted(FOLDER.glob("*.npz")):
        problem, _ = read_instance(path)
        times: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
        pairs = {}
        for _ in range(ROUNDS):
            for name, run in runs_of(problem).items():
                wall, cpu = time.perf_counter(), time.process_time()
                pairs[name] = run()
                times[name].append((time.perf_counter() - wall, time.process_time() - cpu))
        for name, spent in times.items():
            wall, cpu = (statistics.median(column) for column in zip(*spent, strict=True))
            print(f"{path.stem:<12}{name:<15}{wall:8.3f}{cpu:8.3f}{quality(problem, pairs[name])}")


def quality(problem: Problem, pairs: np.ndarray) -> str:
    sums = np.sort(problem.sums(problem.at(pairs)))
    lowest = sums[: max(len(sums) // 10, 1)].mean()
    ranks = np.arange(1, len(sums) + 1)
    gini = ((2 * ranks - len(sums) - 1) * sums).sum() / (len(sums) * sums.sum()) if sums.sum() else 0.0
    return f"{sums.sum():11.4f}{sums[0]:8.4f}{lowest:9.4f}{gini:7.3f} {len(verify(problem, pairs)):5d}"


def large(needs: int = NEEDS, candidates: int = CANDIDATES) -> Problem:
    """Synthetic: popular offers are candidates of many, and each need wants 1 to 3."""
    random = np.random.default_rng(7)
    need = np.repeat(np.arange(needs), candidates)
    popular = (random.random(needs * candidates) ** 1.5 * needs).astype(int)
    pairs = np.unique(np.column_stack([need, popular]), axis=0)
    score = random.gamma(2.0, 0.2, len(pairs)) + random.random(needs)[pairs[:, 1]] * 0.2
    wants, capacity = random.integers(1, 4, needs), random.integers(1, 6, needs)
    return Problem(pairs[:, 0], pairs[:, 1], score, needs, needs, wants, capacity)


def flow() -> None:
    problem = large()
    print(f"flow: {problem.needs} needs, {len(problem.score)} candidates")
    times: defaultdict[str, list[float]] = defaultdict(list)
    for _ in range(3):
        for name, run in (
            ("lianqiao", lambda: solve(problem).pairs),
            ("OR-Tools", lambda: plain_flow(problem)),
        ):
            began = time.perf_counter()
            pairs = run()
            times[name].append(time.perf_counter() - began)
            print(f"  {name:<10}{times[name][-1]:7.2f} s   sum {problem.score[problem.at(pairs)].sum():.4f}")
    print(f"  ratio {statistics.median(times['lianqiao']) / statistics.median(times['OR-Tools']):.2f}")


def repair() -> None:
    problem = large()
    plan = solve(problem)
    began = time.perf_counter()
    keeper, random = Keeper(problem, plan), np.random.default_rng(3)
    print(f"repair: opened in {time.perf_counter() - began:.2f} s")
    spent: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for _ in range(EVENTS):
        number, offer = int(random.integers(problem.needs)), int(random.integers(problem.offers))
        offers = np.unique(random.integers(0, problem.offers, CANDIDATES))
        scores = random.gamma(2.0, 0.2, len(offers))
        for name, event, arguments in (
            ("need arrives", keeper.add_need, (offers, scores, 2)),
            ("need changes", keeper.change_need, (number, offers, scores, 2)),
            ("capacity changes", keeper.change_capacity, (offer, offer % 4)),
        ):
            wall, cpu = time.perf_counter(), time.process_time()
            event(*arguments)
            spent[name].append((1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - cpu)))
    for name, times in spent.items():
        middle, high = np.percentile(np.array(times), [50, 95], axis=0)
        print(
            f"  {name:<18} wall: median {middle[0]:.3f} ms, p95 {high[0]:.3f} ms; cpu: {middle[1]:.3f}, {high[1]:.3f}"
        )
    print(f"  gap {keeper.gap:.4%}, asks for a full solve: {keeper.needs_full_solve}")


PARTS = {"instances": instances, "flow": flow, "repair": repair}

if __name__ == "__main__":
    for part in sys.argv[1:] or PARTS:
        PARTS[part]()
