import numpy as np
import pytest
from scipy.sparse import csr_array

from lianqiao_engine.retrieve import Index, index

OFFERS = csr_array(np.array([[1.0], [2.0]]))


@pytest.mark.parametrize(
    ("numba", "asked", "offers", "taken"),
    [
        (True, index.WORTH, OFFERS, "blocks"),
        (True, 2, OFFERS, "scan"),
        (True, index.WORTH, -OFFERS, "scan"),
        (True, index.WORTH, OFFERS * 1e200, "scan"),
        (False, index.WORTH, OFFERS, "scan"),
    ],
)
def test_index_compiles_only_for_large_lists_of_weights_that_bound_and_with_numba(
    monkeypatch, numba, asked, offers, taken
):
    monkeypatch.setattr(index, "installed", lambda: numba)
    monkeypatch.setattr(Index, "_blocks", lambda self: "blocks")
    monkeypatch.setattr(index, "Scan", lambda offers: "scan")

    assert Index(offers, asked=asked)._way == taken
