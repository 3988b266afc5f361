"""Exact retrieval: the best offers of every need, none missed.

>>> from scipy.sparse import csr_array
>>> from lianqiao_engine.retrieve import top
>>> best = top(csr_array([[1.0, 2.0]]), csr_array([[3.0, 0.0], [0.0, 1.0], [0.0, 0.0]]), 2)
>>> best.offer.tolist(), best.score.tolist()
([0, 1], [3.0, 2.0])
"""

from .index import Index, top
from .top import Top

__all__ = ["Index", "Top", "top"]
