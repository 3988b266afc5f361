"""Small random problems with every kind of limit, and the exact answer by trying every plan."""

from itertools import chain, combinations

import numpy as np
from hypothesis import strategies as st

from lianqiao_engine.assign import Problem
from lianqiao_engine.check import verify


@st.composite
def problems(
    draw, *, limits: bool = True, bundles: bool = False, most: int = 5, single: bool = False
) -> Problem:
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    needs, offers = draw(st.integers(1, most)), draw(st.integers(1, most))
    pairs = np.argwhere(random.random((needs, offers)) < 0.8)
    coarse = draw(st.booleans())
    score = random.integers(-1, 5, len(pairs)) / 4 if coarse else random.normal(0.3, 0.5, len(pairs))
    wants = random.integers(0, 4, needs)
    if single:  # one partner each, and no score below zero
        wants, score = np.ones(needs, int), np.abs(score)
    more = {}
    if limits:
        mark, units, firms = random.random(len(pairs)), 2, 2
        more = {
            "owed": np.minimum(wants, random.integers(0, 2, needs)) * draw(st.integers(0, 1)),
            "least": random.integers(0, 2, offers) * draw(st.integers(0, 1)),
            "unit": random.integers(-1, units, offers),
            "unit_capacity": random.integers(0, 6, units),
            "unit_least": random.integers(0, 2, units) * draw(st.integers(0, 1)),
            "enterprise": random.integers(-1, firms, needs),
            "enterprise_capacity": random.integers(0, 6, firms),
            "enterprise_owed": random.integers(0, 2, firms) * draw(st.integers(0, 1)),
            "fixed": pairs[mark < 0.06],
            "banned": pairs[mark > 0.9],
        }
    if bundles and needs > 1:
        more["bundles"] = (tuple(random.choice(needs, 2, replace=False).tolist()),)
    return Problem(
        pairs[:, 0], pairs[:, 1], score, needs, offers, wants, random.integers(0, 4, offers), **more
    )


def every_plan(problem: Problem):
    """All plans that break nothing, as arrays of candidates; for problems of a dozen candidates."""
    edges = range(len(problem.score))
    for chosen in chain.from_iterable(combinations(edges, size) for size in range(len(edges) + 1)):
        plan = np.array(chosen, int)
        if not verify(problem, problem.pairs(plan)):
            yield plan
