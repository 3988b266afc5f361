"""How likely two names mean one organisation: 0..1, the same whichever is named first.

The shorter name is read as a shortening of the longer one. The measures of `evidence` are weighted by likeness.tsv:
a conditional logit with the outside option "none of them" (D. McFadden, 1974), so that the best of several names
and "is it this one at all" come from one scale. A short name (博智咨询) leaves things out by habit, a written-out one
(博智工程咨询有限公司) by mistake: each has its own column of weights.
"""

import math
from functools import cache

from .alignment import Pair, Side, align
from .evidence import MEASURES, evidence
from .lexicon import words_of


def aligned(one: Side, other: Side) -> tuple[Side, Side, list[Pair]]:
    """Return the shorter name, the longer name and their alignment."""
    short, long = sorted((one, other), key=lambda side: (len(side.core), side.core, side.name))
    return short, long, align(short, long)


def likeness(one: Side, other: Side) -> float:
    """Return the probability 0..1 that both names mean one organisation; neither core may be empty."""
    short, long, pairs = aligned(one, other)
    weights, constant = _weights()[1 if short.parts.kind else 0]
    measures = evidence(short, long, pairs)
    log_odds = constant + sum(weight * measure for weight, measure in zip(weights, measures, strict=True))
    return 1 / (1 + math.exp(-log_odds))


@cache
def _weights() -> list[tuple[tuple[float, ...], float]]:
    """For a short name without its kind, and for one that is written out: weights of MEASURES and the constant."""
    columns = zip(
        *(map(float, weights.split()) for weights in words_of("likeness.tsv").values()), strict=True
    )
    by_name = [dict(zip(words_of("likeness.tsv"), column, strict=True)) for column in columns]
    return [(tuple(column[measure] for measure in MEASURES), column["constant"]) for column in by_name]
