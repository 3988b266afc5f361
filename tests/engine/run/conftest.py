"""Vectors to rank, and a cluster of two nodes that nobody else can reach."""

from collections.abc import Iterator
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from scipy.sparse import csr_array


@pytest.fixture(scope="session")
def sides() -> tuple[csr_array, csr_array]:
    """(40 needs, 60 terms) and (90 offers, 60 terms), small whole weights: many scores are equal."""
    random = np.random.default_rng(7)

    def side(rows: int) -> csr_array:
        return csr_array(random.integers(0, 4, (rows, 60)) * (random.random((rows, 60)) < 0.2) / 7)

    return side(40), side(90)


@pytest.fixture(scope="module")
def two_nodes() -> Iterator[str]:
    """The address of a cluster of two nodes with a processor each, bound to 127.0.0.1; it ends with the tests."""
    with TemporaryDirectory(prefix="ray-") as folder, pytest.MonkeyPatch.context() as environment:
        # Read when Ray is imported. Without the second it would look for the machine's address in the network.
        environment.setenv("RAY_USAGE_STATS_ENABLED", "0")
        environment.setenv("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
        environment.setenv("RAY_TMPDIR", folder)
        pytest.importorskip("ray", reason="Ray is not installed (the extra cluster)")
        from ray.cluster_utils import Cluster

        node = {"num_cpus": 1, "node_ip_address": "127.0.0.1", "object_store_memory": 80 << 20}
        cluster = Cluster(initialize_head=True, head_node_args={**node, "include_dashboard": False})
        try:
            cluster.add_node(**node)
            yield cluster.address
        finally:
            cluster.shutdown()
