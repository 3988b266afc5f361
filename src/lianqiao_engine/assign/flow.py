"""The best flow by OR-Tools (cost-scaling push-relabel, Goldberg 1997), where that is installed."""

import importlib.util

import numpy as np

from .network import Longs, Network


def installed() -> bool:
    return importlib.util.find_spec("ortools") is not None


def best_flow(network: Network) -> Longs | None:
    """(arcs,) the cheapest flow, or None when no flow meets all limits. Needs the extra `speed`."""
    # The import costs 50 ms and the package is optional, so it waits until somebody has a flow.
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow  # noqa: PLC0415

    if network.is_contradictory:
        return None
    capacity, supply = network.shifted()
    solver = SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(network.tail, network.head, capacity, network.cost)
    solver.set_nodes_supplies(np.arange(len(supply)), supply)
    status = solver.solve()
    if status == solver.OPTIMAL:
        return np.asarray(solver.flows(arcs), np.int64) + network.lower
    if status == solver.INFEASIBLE:
        return None
    raise RuntimeError(f"the flow solver gave up: {status}")
