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

PRIOR = 100
USUAL_SHARE = 0.5
USUAL = Path(__file__).with_name("usual.txt")


def shares(bag: Bag) -> NDArray[np.float64]:
    """(columns of the bag,) the share of texts that hold each term."""
    if bag.view.name == "trades":  # a list of trades cannot tell how common they are
        return np.full(len(bag), 1 / len(concepts()))
    counted, _ = bag.counts(_texts_of_concepts())
    held = np.bincount(counted.indices, minlength=len(bag)) / counted.shape[0]
    usual = np.unique(bag.counts(_usual_words())[0].indices)
    held[usual] = np.maximum(held[usual], USUAL_SHARE)
    if bag.view.name == "pairs":
        # Across the border of two usual words stands a pair that nobody listed: it is as usual as its characters.
        of = _shares_of_characters()
        held = np.maximum(held, [of.get(pair[0], 0.0) * of.get(pair[1], 0.0) for pair in bag.labels()])
    return held


@cache
def _shares_of_characters() -> dict[str, float]:
    texts = _texts_of_concepts()
    counted = Counter(char for text in texts for char in set(text))
    usual = dict.fromkeys("".join(_usual_words()), USUAL_SHARE)
    return {char: count / len(texts) for char, count in counted.items()} | usual


@cache
def _texts_of_concepts() -> list[str]:
    return ["\n".join((concept.name, *concept.work, *concept.study)) for concept in concepts()]


@cache
def _usual_words() -> list[str]:
    return USUAL.read_text(encoding="utf-8").split()
