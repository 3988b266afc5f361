import subprocess
import sys

import pytest

from lianqiao_engine import retrieve
from lianqiao_engine.run import NoRay, Ray, top

from .test_run import bits, excluded


def test_two_nodes_give_the_same_to_the_bit(sides, two_nodes):
    import ray

    told = []
    best = top(*sides, 9, workers=Ray(two_nodes), excluded=excluded, progress=lambda *at: told.append(at))

    assert bits(best) == bits(retrieve.top(*sides, 9, excluded=excluded))
    assert told[-1] == (40, 40)
    assert not ray.is_initialized()


def test_both_nodes_work_and_the_caller_s_connection_is_kept(sides, two_nodes):
    import ray
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy as On

    @ray.remote
    def prepared() -> int:
        from lianqiao_engine.run import cluster

        return len(cluster._prepared)

    with ray.init(two_nodes, log_to_driver=False, configure_logging=False):
        top(*sides, 9, workers=Ray())
        nodes = [node["NodeID"] for node in ray.nodes()]
        asked = [prepared.options(scheduling_strategy=On(node, soft=False)).remote() for node in nodes]
        assert ray.get(asked) == [1, 1]


@pytest.mark.parametrize("address", ["auto", ""])
def test_an_address_that_could_be_a_stranger_s_is_refused(address):
    with pytest.raises(ValueError, match="name the address"):
        Ray(address)


def test_without_ray_the_refusal_names_the_extra(sides, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)

    with pytest.raises(NoRay, match="cluster"):
        top(*sides, 9, workers=Ray())


def test_ranking_does_not_load_ray():
    code = "import lianqiao_engine.run, sys; sys.exit('ray' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
