"""How common a term is in the language of offices and trades, for lists too short to tell.

Three offers know nothing of rarity: what one of them happens to say would look as telling as the name of a trade. So
each list is counted as if `PRIOR` more texts had been seen (a Dirichlet prior), in which a term is as common as among
the concepts of the lexicon, and the words that everybody writes stand in every other text.
"""

from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lianqiao_engine.lexicon import concepts

from .bags import Bag
from .views import PAIR, VIEWS, View

PRIOR = 100
USUAL_SHARE = 0.5
CHARACTERS = next(view for view in VIEWS if view.name == "characters")
USUAL = Path(__file__).with_name("usual.txt")


def shares(bag: Bag) -> NDArray[np.float64]:
    """(columns of the bag,) the share of texts that hold each term."""
    if bag.view.name == "trades":  # a list of trades cannot tell how common they are
        return np.full(len(bag), 1 / len(concepts()))
    known = _shares(bag.view)
    if bag.view.name != "pairs":
        return np.array([known.get(term, 0.0) for term in bag.terms()])
    # Across the border of two usual words stands a pair that nobody listed: it is as usual as its characters.
    of = _shares(CHARACTERS)
    backed = (of.get(int(pair) // PAIR, 0.0) * of.get(int(pair) % PAIR, 0.0) for pair in bag.terms())
    return np.array(
        [max(known.get(pair, 0.0), other) for pair, other in zip(bag.terms(), backed, strict=True)]
    )


@cache
def _shares(view: View) -> dict[int | str, float]:
    texts = ["\n".join((concept.name, *concept.work, *concept.study)) for concept in concepts()]
    which, terms = view.terms(texts)
    held = Counter(term for _, term in set(zip(which.tolist(), _listed(terms), strict=True)))
    _, usual = view.terms(USUAL.read_text(encoding="utf-8").split())
    known = {term: count / len(texts) for term, count in held.items()}
    return known | {term: max(USUAL_SHARE, known.get(term, 0.0)) for term in _listed(usual)}


def _listed(terms: NDArray[np.int64] | list[str]) -> list[int | str]:
    return list(terms) if isinstance(terms, list) else terms.tolist()
